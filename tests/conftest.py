"""Fixtures that several tests share: workspaces, and the real data where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_ssda903() -> Path:
    """The five real-format years of national files; skips where the folder is absent."""
    folder = REAL_DATA / "ssda903"
    if not folder.is_dir():
        pytest.skip(f"no real input at {folder}: it is not part of the repository")
    return folder
