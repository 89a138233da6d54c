"""Fixtures that several tests share: workspaces, and the real data where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that none runs alone while another core has nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def real_ssda903() -> Path:
    """The five real-format years of national files; skips where the folder is absent."""
    folder = REAL_DATA / "ssda903"
    if not folder.is_dir():
        pytest.skip(f"no real input at {folder}: it is not part of the repository")
    return folder
