"""Programs that are not Python's, which single tests look at our files with."""

from __future__ import annotations

import os
import shutil

import pytest


def path_of(program: str, package: str) -> str:
    """Where a program is. Without it the test is skipped; under CI, where .ci/run installs it from Debian, it fails."""
    if path := shutil.which(program):
        return path
    absent = f"{program} is not installed; Debian has it in {package}"
    if os.environ.get("CI"):
        pytest.fail(absent)
    pytest.skip(absent)
