"""The letters of a pack: its fonts, which letters they have, and how wide words are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unicodedata import normalize

from PIL import ImageFont

FAMILY = "Source Sans Pro"
FONTS = Path(__file__).parents[1] / "fonts"
NOT_IN_FONT = "?"
UNIT = 1000  # points: wide enough for the width of a letter to be exact
NARROW = "\u00a0\u202f"  # spaces that do not break
SMALL = 24
UNKNOWN = "\U0010ffff"  # is in no font: drawn as whatever is missing


@cache
def readable(words: str) -> str:
    """The words in letters that the fonts have: a pack is not refused for an emoji in somebody's sentence."""
    return "".join(map(_letter, words))


@cache
def _letter(letter: str) -> str:
    if letter == "\n" or _is_drawn(letter):
        return letter
    if letter.isspace():
        return " "
    if not letter.isprintable():
        return ""
    alike = normalize("NFKC", letter).replace("\u2010", "-")
    return alike if alike != letter and all(map(_is_drawn, alike)) else NOT_IN_FONT


def _is_drawn(letter: str) -> bool:
    """Whether the fonts have a letter: one that is missing is drawn as every other that is missing."""
    return letter in NARROW or (letter.isprintable() and _ink(letter) != _ink(UNKNOWN))


def _ink(letter: str) -> bytes:
    font = _font(bold=False).font_variant(size=SMALL)
    return bytes(font.getmask(letter))


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = f"SourceSansPro-{'Bold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(FONTS / name, UNIT, layout_engine=ImageFont.Layout.BASIC)


@cache
def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """How wide words are, in points."""
    return _font(bold=bold).getlength(words) * size / UNIT
