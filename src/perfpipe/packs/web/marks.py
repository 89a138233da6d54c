"""What templates ask of a block that they place: its kind, its sign, its picture, its key, where its link leads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup, escape

from perfpipe.measures.words import MARKERS, STATE_WORDS, State
from perfpipe.packs.charts.sparkline import sparkline
from perfpipe.packs.models.blocks import DataTable, FigureKey, Sign, TableCell
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.drawings import Sparkline

_drawing = cache(sparkline)
STATUSES = (Sign.MET, Sign.NEAR, Sign.MISSED, Sign.NO_DATA)
CHANGES = (
    Sign.BETTER_UP,
    Sign.BETTER_DOWN,
    Sign.WORSE_UP,
    Sign.WORSE_DOWN,
    Sign.HIGHER,
    Sign.LOWER,
    Sign.NO_CLEAR_CHANGE,
    Sign.NOT_TESTED,
)
LINES = 1  # the place of the column of small lines
ABSENT = {marker: STATE_WORDS[state] for state, marker in MARKERS.items()}


def kind(block: object) -> str:
    """Which block it is."""
    return type(block).__name__


def place(key: FigureKey) -> str:
    """Which figure stands on an element: `measure|month|period|breakdown|group`."""
    return "|".join(key)


def places(figures: Sequence[Figure]) -> str:
    """Which figures a sentence says."""
    return ";".join(place(figure.key) for figure in figures)


def has_lines(table: DataTable) -> bool:
    """Whether its second column has small lines, which a narrow screen leaves out: the figures come first."""
    return any(row[LINES].sparkline for group in table.groups for row in group.rows if len(row) > LINES)


def sign(which: Sign | None) -> Markup:
    """A mark beside its word, which alone is read out."""
    if which is None:
        return Markup("")
    return Markup('<svg class="sign" aria-hidden="true"><use href="#sign-{}"/></svg>').format(sign_id(which))


def look(which: Sign | None) -> str:
    """How the word beside a sign looks: statuses and changes for better or worse stand out, no change stays back."""
    if which in (Sign.BETTER_UP, Sign.BETTER_DOWN):
        return "signed better"
    if which in (Sign.WORSE_UP, Sign.WORSE_DOWN):
        return "signed worse"
    if which in STATUSES:
        return "signed strong"
    return "signed quiet" if which in (Sign.NO_CLEAR_CHANGE, Sign.NOT_TESTED) else "signed"


def sign_id(which: Sign) -> str:
    """The name of a sign's drawing."""
    return which.value.replace(", ", "-").replace(" ", "-")


def drawn(svg: str, alt: str) -> Markup:
    """A picture with what it says in its stead."""
    return Markup('<svg role="img" aria-label="{}" ').format(alt) + Markup(svg.removeprefix("<svg "))


def line(spark: Sparkline | None, of: str) -> Markup:
    """A small line with a name; nothing where there is none."""
    if spark is None or all(value is None for value in spark.values):
        return Markup("")
    return drawn(_drawing(spark), f"{of}: line of {len(spark.values)} months")


def state_of(figure: Figure) -> str:
    """Why a figure is not there, in words; empty where it is."""
    told = ABSENT.get(figure.marker, "")
    return f"{told}: {figure.reason}" if told and figure.reason else told


def cell_state(cell: TableCell) -> str:
    """Why a cell has no figure, in words, unless it says so itself."""
    told = STATE_WORDS[cell.state] if cell.state is not State.OK else ""
    return "" if told in f"{cell.text} {cell.below}" else told


def sort_key(cell: TableCell) -> str:
    """What a column is sorted by: signs in their order, numbers, else words; empty, and so last, without a figure."""
    if cell.sign in (*STATUSES, *CHANGES):
        return f"{list(Sign).index(cell.sign):02} {cell.text}"
    if cell.number is not None:
        return repr(cell.number)
    return "" if cell.state is not State.OK else cell.text.casefold()


def words_of(row: Sequence[TableCell], signs: Sequence[Sign]) -> str:
    """The word that one of these signs stands beside."""
    return next((cell.text for cell in row if cell.sign in signs), "")


def choices(table: DataTable, signs: Sequence[Sign]) -> list[str]:
    """All such words in a table, in the order of the signs."""
    cells = [cell for group in table.groups for row in group.rows for cell in row]
    return list(dict.fromkeys(cell.text for sign in signs for cell in cells if cell.sign is sign))


def css_words(words: str) -> Markup:
    """A string in a style sheet, from which nothing can break out."""
    plain = "".join(letter if letter.isalnum() or letter in " .,·:()-" else f"\\{ord(letter):x} " for letter in words)
    return Markup(f'"{plain}"')


def with_link(words: str, href: str) -> Markup:
    """Words, and where they lead."""
    return Markup('<a href="{}">{}</a>').format(href, words) if href else escape(words)
