"""Places that the account may not use, or where a file stands: said, and a rerun after mending is a clean one."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfpipe.settings.workspace import Workspace
from tests.interrupted_runs import Clean, Runner, check, clean_run, smallest_workspace
from tests.short_runs import runs_are_short

pytestmark = [pytest.mark.soak, pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")]

# root may write everywhere, unless it gives that power up
WITHOUT_POWERS = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
PLACES = [
    "data/raw/.store", "reports/2018-05/board", "earlier_plans", "reports", "reports/2018-05",
    "reports/2018-05/analyst", "data/processed", "data/processed/placements", "data/processed/figures",
    "earlier_settings",
]  # fmt: skip
RIGHTS = (
    ": the account that runs perfpipe may not do that. Give the account that runs perfpipe the right to read and write "
    "there, then run the command again."
)
READ_ALONE = ["data/raw", "data/raw/2018-05", "plan.toml", "perfpipe.toml"]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return smallest_workspace(tmp_path_factory.mktemp("before") / "w")


@pytest.fixture(scope="module")
def runner(before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    if os.geteuid() == 0 and shutil.which(WITHOUT_POWERS[0]) is None:
        pytest.skip("root may write everywhere, and setpriv is not there")
    warm = shutil.copytree(before.root, tmp_path_factory.mktemp("warm") / "w")
    made = Runner(warm, under=WITHOUT_POWERS if os.geteuid() == 0 else ())
    yield made
    made.close()


@pytest.fixture(scope="module")
def clean(before: Workspace, tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Clean:
    return clean_run(before, runner, tmp_path_factory.mktemp("clean") / "w")


@pytest.fixture(autouse=True)
def _short_runs() -> Iterator[None]:
    with runs_are_short():
        yield


@contextmanager
def without_rights(path: Path, mode: int) -> Iterator[None]:
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def said_of(runner: Runner, workspace: Workspace) -> str:
    """What a run says that ends with 5."""
    runner.start(workspace.root)
    code, _ = runner.end()
    said = workspace.root.with_name("said").read_text()
    assert code == 5, said
    assert "Traceback" not in said
    assert "report this line" not in said
    return said.splitlines()[-1]


@pytest.mark.parametrize("mode", [0, 0o500], ids=oct)
@pytest.mark.parametrize("place", PLACES)
def test_a_folder_that_the_account_may_not_use(
    clean: Clean, runner: Runner, tmp_path: Path, place: str, mode: int
) -> None:
    workspace = Workspace(shutil.copytree(clean.before, tmp_path / "w"))
    path = workspace.root / place
    path.mkdir(parents=True, exist_ok=True)
    with without_rights(path, mode):
        said = said_of(runner, workspace)
    assert said.startswith(str(path))
    assert re.search(r" could not be (read|written|read or written): ", said)
    assert RIGHTS in said
    check(workspace, clean)


@pytest.mark.parametrize("place", READ_ALONE)
def test_a_place_that_the_account_may_not_read(clean: Clean, runner: Runner, tmp_path: Path, place: str) -> None:
    workspace = Workspace(shutil.copytree(clean.before, tmp_path / "w"))
    path = workspace.root / place
    with without_rights(path, 0):
        said = said_of(runner, workspace)
    assert said.startswith(str(path))
    assert RIGHTS in said
    check(workspace, clean)


@pytest.mark.parametrize("place", PLACES)
def test_a_file_where_a_folder_should_be(clean: Clean, runner: Runner, tmp_path: Path, place: str) -> None:
    workspace = Workspace(shutil.copytree(clean.before, tmp_path / "w"))
    path, away = workspace.root / place, tmp_path / "away"
    if path.is_dir():
        path.rename(away)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a file")
    said = said_of(runner, workspace)
    assert said == (
        f"{path} could not be written: a file stands where a folder should be. Move that file away, then run the "
        "command again."
    )
    assert path.read_bytes() == b"a file"
    path.unlink()
    if away.is_dir():
        away.rename(path)
    check(workspace, clean)
