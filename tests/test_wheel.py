"""What is built for others to install: nothing is missing, and it works without the sources."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("perfpipe", "perfpipe_sample", "flows")


@pytest.mark.soak
@pytest.mark.slow
def test_the_wheel_holds_every_file_of_its_packages_and_runs_alone(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    assert files_of(tmp_path / "installed") == files_of(REPOSITORY / "src") | files_of(REPOSITORY)

    elsewhere = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    for command in (["init", "w"], ["template", "placements"]):
        subprocess.run(
            [sys.executable, "-m", "perfpipe", *command], cwd=tmp_path, env=elsewhere, check=True, capture_output=True
        )
    served = [sys.executable, "-m", "flows.serve", "--help"]
    subprocess.run(served, cwd=tmp_path, env=elsewhere, check=True, capture_output=True)
    assert (tmp_path / "w" / "perfpipe.toml").is_file()
    assert (tmp_path / "placements.xlsx").is_file()


def files_of(folder: Path) -> set[str]:
    """The files of the packages under a folder, without what Python keeps beside them."""
    paths = [path for package in PACKAGES for path in (folder / package).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix() for path in paths if "__pycache__" not in path.parts}
