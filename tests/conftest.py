"""Fixtures that several tests share: workspaces, and the real data where it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from perfpipe.packs.charts.draw import draw
from perfpipe.packs.charts.drawing_processes import Drawn
from tests.source_copy import SourceCopy, forget

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that none runs alone while another core has nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class DrawnHere(Mapping[str, bytes]):
    """The pictures of a pack, drawn by the process of the test: children of its own would start anew for each run."""

    children: Sequence[object] = ()

    def __init__(self, _: object = None) -> None:
        self._charts: dict[str, Drawn] = {}
        self._drawn: dict[str, bytes] = {}

    def begin(self, chart: Drawn) -> None:
        self._charts[chart.name] = chart

    def __getitem__(self, name: str) -> bytes:
        self._drawn[name] = self._drawn.get(name) or draw(self._charts[name])
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._charts)

    def __len__(self) -> int:
        return len(self._charts)

    def __enter__(self) -> DrawnHere:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def _runs_draw_here() -> Iterator[None]:
    """Runs of tests start no children to draw; `test_pack_edition` and the flows do."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("perfpipe.run.Drawers", "perfpipe.publish.publish.Drawers", "perfpipe.publish.publish.Pictures"):
            patch.setattr(name, DrawnHere)
        yield


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
