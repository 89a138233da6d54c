"""Fixtures that several tests share: workspaces, and the real data where it is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from perfpipe.packs.charts.draw import draw
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import LAST_MONTH, write_sample
from tests.builders import one_parser
from tests.connections import refuse_others
from tests.runs import new_ledgers_are_copies, one_small_picture, runs_draw, runs_of_a_year, runs_share
from tests.soaks import HEADER, SAMPLED, chosen
from tests.source_copy import SourceCopy, forget

refuse_others()
REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_report_header() -> str:
    return HEADER


def is_sampled(item: pytest.Item) -> bool:
    """Whether a sample of soaks holds a test: those of files that sample themselves, and of the others so many."""
    samples_itself = {"picked", "holds_of"} & set(vars(getattr(item, "module")))  # noqa: B009
    return bool(samples_itself) or chosen(item.nodeid.partition("[")[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that none runs alone while another core has nothing left to do.

    The one that makes the whole sample is the first of all, so that no other waits for it.
    """
    if SAMPLED:
        items[:] = [item for item in items if not item.get_closest_marker("soak") or is_sampled(item)]
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, "sample/test_truth" not in item.nodeid))


@pytest.fixture(scope="session", autouse=True)
def _runs_start_no_children() -> Iterator[None]:
    """Runs share one parser, and draw nothing, which is half of a small run; see `charts_drawn`.

    Those of `tests/flows` and `tests/packs/test_edition` are whole, in processes of their own.
    """
    with runs_share(one_parser()), runs_draw(one_small_picture):
        yield


@pytest.fixture(scope="session", autouse=True)
def _new_ledgers_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new ledger is a copy of one that the migrations have made; `tests/ledger/test_migrations` runs them."""
    with new_ledgers_are_copies(tmp_path_factory.mktemp("ledger")):
        yield


@pytest.fixture
def charts_drawn() -> Iterator[None]:
    """Runs draw their charts, for a test that looks at them."""
    with runs_draw(draw):
        yield


@pytest.fixture
def _runs_of_a_year() -> Iterator[None]:
    """For tests of how a run goes, which do not ask how far back it looks."""
    with runs_of_a_year():
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Give a folder made by `make(folder)`: once for the session and all its workers. Read it, or copy it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder_of(name: str, make: Callable[[Path], None]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                unfinished = shared / f"{name}.unfinished"
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return folder_of


@pytest.fixture(scope="session")
def sample_after_a_run(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The sample of seed 1 over 36 months, after the run of its last, with every chart drawn: to read, not to write."""

    def sample(root: Path) -> None:
        write_sample(root)
        with runs_draw(draw):
            run_month(Workspace(root), LAST_MONTH)

    return made_once("sample", sample)


@pytest.fixture(scope="session")
def real_ssda903() -> Path:
    """The five real-format years of national files; skips where the folder is absent."""
    folder = REAL_DATA / "ssda903"
    if not folder.is_dir():
        pytest.skip(f"no real input at {folder}: it is not part of the repository")
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SourceCopy]:
    """A copy of the package that the program takes for its own source until the test ends."""
    with pytest.MonkeyPatch.context() as patch:
        yield SourceCopy(tmp_path / "source", patch)
    forget()
