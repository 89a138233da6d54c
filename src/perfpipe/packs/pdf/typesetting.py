"""Typeset one pack by typst, as a process of its own.

typst keeps what it has worked out until its process ends, 50 to 200 MB for each pack, and its package for Python cannot
let it go: a backfill would grow by that with every month. Takes `PackToSet` as JSON on standard input; gives the PDF on
standard output, or what was wrong on standard error and 1.
"""

from __future__ import annotations

import json
import sys
from typing import TypedDict


class PackToSet(TypedDict):
    """What is to be typeset: the template, the folder that it may read, that of the fonts, and the pack as JSON."""

    template: str
    root: str
    fonts: str
    pack: str


class NotTypeset(Exception):
    """typst refused, or warned, as of a font that is missing."""


def typeset(request: PackToSet) -> bytes:
    """The PDF/UA-1. Raises NotTypeset."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[request["fonts"]])
    compiler = typst.Compiler(
        request["template"], root=request["root"], font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"pack": request["pack"]},
    )  # fmt: skip
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError as error:
        raise NotTypeset(f"the PDF could not be made: {error.message}; {'; '.join(error.hints)}") from None
    if warnings or not isinstance(pdf, bytes):
        raise NotTypeset(f"the PDF could not be made well: {'; '.join(warning.message for warning in warnings)}")
    return pdf


def _main() -> int:
    try:
        sys.stdout.buffer.write(typeset(json.loads(sys.stdin.buffer.read())))
    except NotTypeset as error:
        sys.stderr.buffer.write(str(error).encode())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
