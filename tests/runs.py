"""How runs of tests go: what draws their charts, what parses their files, and how far back they look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from perfpipe.job.job import open_job
from perfpipe.ledger.database import open_database
from perfpipe.ledger.sqlite_file import FILE
from perfpipe.packs.charts.drawing_processes import Drawn
from perfpipe.packs.edition import write_edition
from perfpipe.read.child_process import Parser
from perfpipe.settings.settings import FileLimits

EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1pt" height="1pt" viewBox="0 0 1 1"></svg>'


class DrawnHere(Mapping[str, bytes]):
    """The pictures of a pack, drawn by the process of the test: children of its own would start anew for each run."""

    children: Sequence[object] = ()

    def __init__(self, drawing: Callable[[Drawn], bytes]) -> None:
        self._drawing = drawing
        self._charts: dict[str, Drawn] = {}
        self._drawn: dict[str, bytes] = {}

    def begin(self, chart: Drawn) -> None:
        self._charts[chart.name] = chart

    def __getitem__(self, name: str) -> bytes:
        self._drawn[name] = self._drawn.get(name) or self._drawing(self._charts[name])
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._charts)

    def __len__(self) -> int:
        return len(self._charts)

    def __enter__(self) -> DrawnHere:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def one_small_picture(_: Drawn) -> bytes:
    """A picture of one white pixel: nobody looks at it."""
    png = BytesIO()
    Image.new("1", (1, 1), 1).save(png, "PNG")
    return png.getvalue()


@contextmanager
def packs_are_quick() -> Iterator[None]:
    """Packs have empty pictures, an empty PDF and an empty sheet of data: longer than all else of a small run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.packs.pdf.board_pdf.pdf_of", lambda *_: b"%PDF-1.7\n")
        patch.setattr("perfpipe.packs.workbooks.board_book.add_data_sheet", lambda *_: None)
        for module in ("charts.svg", "edition"):
            patch.setattr(f"perfpipe.packs.{module}.svg_of", lambda *_: EMPTY_PICTURE)
        yield


def _quick_edition(*given: Any) -> list[Path]:
    with packs_are_quick():
        return write_edition(*given)


@contextmanager
def runs_draw(drawing: Callable[[Drawn], bytes]) -> Iterator[None]:
    """Runs of this process let every chart be drawn by `drawing`, and start no children.

    Where that is `one_small_picture`, their packs are quick, too.
    """
    edition = _quick_edition if drawing is one_small_picture else write_edition
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.packs.edition.write_edition", edition)
        for name in ("run.Drawers", "rerun.backfill.Drawers", "publish.publish.Drawers", "publish.publish.Pictures"):
            patch.setattr(f"perfpipe.{name}", lambda _=None: DrawnHere(drawing))
        yield


@contextmanager
def runs_share(parser: Parser) -> Iterator[None]:
    """Runs of this process share a parser, which starts once; one with limits of its own starts its own."""

    def parser_of(limits: FileLimits) -> AbstractContextManager[Parser]:
        return nullcontext(parser) if limits == FileLimits() else Parser(limits)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.reconcile.usable_readings.Parser", parser_of)
        yield


@contextmanager
def new_ledgers_are_copies(folder: Path) -> Iterator[None]:
    """New ledgers of this process start as copies of one made in a folder: the migrations take longer than a test."""
    open_database(folder).dispose()
    made = (folder / FILE).read_bytes()

    def opened(of: Path) -> sa.Engine:
        path = of / FILE
        if of.is_dir() and not path.exists():
            path.write_bytes(made)
        return open_database(of)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.ledger.ledger_file.open_database", opened)
        yield


@contextmanager
def runs_of_a_year() -> Iterator[None]:
    """Runs look back over 13 months, not 36: a year with the month before it."""
    import perfpipe.questions.known_on_a_day  # noqa: F401  # has its own months, and takes the function as it is now

    with pytest.MonkeyPatch.context() as patch:
        for module in ("run", "rerun.compare", "rerun.backfill", "questions.commentary_request"):
            patch.setattr(f"perfpipe.{module}.open_job", partial(open_job, months_back=12))
        yield
