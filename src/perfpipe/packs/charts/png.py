"""A picture of a pack as PNG, for a workbook: from the same SVG as page and PDF, in the same letters."""

from __future__ import annotations

from functools import cache

import typst

from perfpipe.packs.charts.letters import FONTS

SCREENS = 192  # dots to the inch: twice a screen's
PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")"""


def png_of(svg: str, dpi: int = SCREENS) -> bytes:
    """The PNG of an SVG at the size that it has itself, on white."""
    png = _compiler().compile(PAGE.encode(), sys_inputs={"svg": svg}, format="png", ppi=dpi)
    assert isinstance(png, bytes)
    return png


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
