"""Write the pages of a pack as PDF/UA-1 by typst: the same content always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import typst

from perfpipe.packs.charts.letters import FONTS
from perfpipe.packs.models.blocks import BoardPage, PageFrame
from perfpipe.packs.pdf.page_data import pack_data

TEMPLATES = Path(__file__).parent


def write_pdf(frame: PageFrame, pages: Sequence[BoardPage], pictures: Mapping[str, str], path: Path) -> None:
    """Write the PDF. `pictures`: the SVG of every picture on the pages, by its id."""
    path.write_bytes(pdf_of(frame, pages, pictures))


def pdf_of(frame: PageFrame, pages: Sequence[BoardPage], pictures: Mapping[str, str]) -> bytes:
    """The PDF. Raises RuntimeError where typst refuses or warns, as of a font that is missing."""
    data = json.dumps(pack_data(frame, pages, pictures), ensure_ascii=False)
    compiler = typst.Compiler(
        str(TEMPLATES / "board_pack.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"pack": data},
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError as error:
        raise RuntimeError(f"the PDF could not be made: {error.message}; {'; '.join(error.hints)}") from None
    if warnings or not isinstance(pdf, bytes):
        raise RuntimeError(f"the PDF could not be made well: {'; '.join(warning.message for warning in warnings)}")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
