"""What the cells of a workbook look like: fonts, fills, alignments and formats of numbers, each made once."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from perfpipe.measures.words import VARIATION_WORDS
from perfpipe.packs.models.chart import Mark
from perfpipe.packs.models.plan import Standing
from perfpipe.packs.wording.plan_words import standings
from perfpipe.packs.wording.signals import MARKS

FONT = "Arial"
TITLE, HEADING, PLAIN = (
    Font(FONT, 16, bold=True),
    Font(FONT, 13, bold=True),
    Font(FONT, 11),
)
STRONG, LINK, HEADER = (
    Font(FONT, 11, bold=True),
    Font(FONT, 11, color="0B5394", underline="single"),
    Font(FONT, 11, bold=True, color="FFFFFF"),
)
NO_FILL = PatternFill()
HEADER_FILL = PatternFill("solid", fgColor="12436D")
LINE = Border(bottom=Side("thin", color="BFBFBF"))
STANDING_FILLS = {  # told apart by the word in the cell first; blue and orange hold for colour blindness
    Standing.GOOD: PatternFill("solid", fgColor="CFE2F3"),
    Standing.AT_RISK: PatternFill("solid", fgColor="FFE3CC"),
    Standing.OFF_TRACK: PatternFill("solid", fgColor="F46A25"),
    Standing.NOT_KNOWN: PatternFill("solid", fgColor="EDEDED"),
}
STATUS_FILLS = {words: STANDING_FILLS.get(standing, NO_FILL) for words, standing in standings().items()}
STATUS_HEADERS = ("Status", "Actions are", "Outcomes are")
MARK_FILLS = {  # tints of the colours of the charts; black on each is easy to read
    Mark.IMPROVEMENT: PatternFill("solid", fgColor="99DFF9"),
    Mark.CONCERN: PatternFill("solid", fgColor="F4C4A0"),
    Mark.HIGH: PatternFill("solid", fgColor="D3BFE3"),
    Mark.LOW: PatternFill("solid", fgColor="D3BFE3"),
}
VARIATION_FILLS = {VARIATION_WORDS[each].icon: MARK_FILLS[mark] for each, mark in MARKS.items()}  # words begin with it
NUMBER = Alignment(horizontal="right", vertical="top", indent=1)  # and the markers in place of numbers
STATUS = Alignment(horizontal="left", vertical="top", indent=1)
WORDS_AMONG_NUMBERS = Alignment(horizontal="right", vertical="top", wrap_text=True, indent=1)
PLAIN_TEXT = {wrap: Alignment(horizontal="left", vertical="top", wrap_text=wrap, indent=0) for wrap in (True, False)}
PLAIN_NUMBER = {wrap: Alignment(horizontal="right", vertical="top", wrap_text=wrap, indent=1) for wrap in (True, False)}
NO_LINE = Border()
NUMBER_HEADER = Alignment(horizontal="right", vertical="top", wrap_text=True, indent=1)


@dataclass(frozen=True)
class Look:
    """What a cell looks like, as far as it differs from plain; made of the constants above."""

    font: Font | None = None
    alignment: Alignment | None = None
    border: Border = NO_LINE
    fill: PatternFill = NO_FILL


PLAIN_LOOK = Look()


def number_format(decimals: int, percent: bool) -> str:
    """Excel's format of a number: `0.0%`, `#,##0`."""
    places = f".{'0' * decimals}" if decimals else ""
    return f"0{places}%" if percent else f"#,##0{places}"
