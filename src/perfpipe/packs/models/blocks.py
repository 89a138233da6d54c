"""A pack as its readers meet it: pages of blocks in reading order. Renderers place them, and decide nothing.

Words are finished, numbers are rounded, and every choice (which columns, which months, which sign) has been made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfpipe.measures.words import State
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.drawings import Drawing, Sparkline

FigureKey = tuple[str, str, str, str, str]  # measure, month, period, breakdown, group


class Sign(StrEnum):
    """A mark that stands beside the word that says the same; never alone."""

    MET = "met"
    NEAR = "near"
    MISSED = "missed"
    NO_DATA = "no data"
    BETTER_UP = "better, up"
    BETTER_DOWN = "better, down"
    WORSE_UP = "worse, up"
    WORSE_DOWN = "worse, down"
    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_CHANGE = "no clear change"
    NOT_TESTED = "not tested"
    GOOD_IS_HIGH = "high is good"
    GOOD_IS_LOW = "low is good"
    GOOD_IS_RANGE = "in a range is good"


@dataclass(frozen=True)
class Words:
    """A piece of a line. `link`: the id of a page or measure of this pack, or an address on the web.

    `figures`: those that it says, so that what stands in a sentence can be held against what is published.
    """

    text: str
    strong: bool = False
    link: str = ""
    figures: tuple[Figure, ...] = ()


Text = tuple[Words, ...]


class Manner(StrEnum):
    """How a paragraph is set."""

    LEDE = "lede"  # the few lines under a page's heading
    BODY = "body"
    NOTE = "note"  # small: captions, sources, how to read


@dataclass(frozen=True)
class Heading:
    """A heading within a page. Levels are 2 and 3; a page's own heading is 1."""

    text: str
    level: int = 2
    id: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Lines of text."""

    text: Text
    manner: Manner = Manner.BODY


@dataclass(frozen=True)
class ItemList:
    """A list; numbered where the order or the number matters, boxed where the reader must act."""

    items: tuple[Text, ...]
    title: str = ""
    numbered: bool = False
    boxed: bool = False


@dataclass(frozen=True)
class SignedWord:
    """A word with its sign, and a second, smaller line: `Worse`, since June 2017."""

    word: str
    sign: Sign | None = None
    below: str = ""


@dataclass(frozen=True)
class Tile:
    """One measure in words: what it did, its figure with counts, a sentence, its line and its status."""

    figure: Figure
    title: str
    link: str
    movement: SignedWord
    shown: str
    counts: str
    sentence: str
    sparkline: Sparkline | None
    status: SignedWord  # below: the target
    figures: tuple[Figure, ...] = ()  # those that the sentence says


@dataclass(frozen=True)
class Tiles:
    """Tiles below each other, under the headers of their four columns."""

    headers: tuple[str, str, str, str]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class TallyPart:
    """So many of one status."""

    word: str
    sign: Sign
    count: int


@dataclass(frozen=True)
class TallyOf:
    """Every target as one sign, sorted by status."""

    parts: tuple[TallyPart, ...]


class Align(StrEnum):
    """On which side the cells of a column stand."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class TableColumn:
    """A column: its header, the share of the width that it takes, and its side."""

    header: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True)
class TableCell:
    """One cell. Zero is a number; what is missing, not applicable or suppressed has its state and its marker as text.

    `below` is a second, smaller line. `number` is what a workbook holds and a page sorts by: proportions 0 to 1.
    """

    text: str = ""
    below: str = ""
    sign: Sign | None = None
    number: float | None = None
    decimals: int = 0
    percent: bool = False
    state: State = State.OK
    key: FigureKey | None = None  # the figure that it shows
    link: str = ""
    strong: bool = False
    sparkline: Sparkline | None = None
    figure: Figure | None = None  # the same in full; None of words, and of what was shown at an earlier meeting


@dataclass(frozen=True)
class TableRows:
    """Rows that belong together, under a title or under none. The first cell of a row names it."""

    title: str
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True)
class DataTable:
    """A table. `caption` says what it is of, `note` how to read it."""

    id: str
    caption: str
    columns: tuple[TableColumn, ...]
    groups: tuple[TableRows, ...]
    note: str = ""
    is_dense: bool = False  # many rows that are to stand on one page


@dataclass(frozen=True)
class Picture:
    """A chart: its finding as a heading, what it is of, and the same in words, short and at length."""

    id: str
    heading: str
    caption: str  # measure, unit, period, n
    alt: str
    description: str
    drawing: Drawing
    width: float  # mm, as printed
    height: float
    keys: tuple[FigureKey, ...] = ()  # the figures that it shows


@dataclass(frozen=True)
class Terms:
    """Terms and what is said of each, as an exception: what, for the child, cause, action, owner, by when, question."""

    terms: tuple[tuple[str, Text], ...]
    heading: str = ""
    note: str = ""  # whose words, when


@dataclass(frozen=True)
class SideBySide:
    """Two columns of blocks where there is room, else one after the other."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


Block = Heading | Paragraph | ItemList | Tiles | TallyOf | DataTable | Picture | Terms | SideBySide


@dataclass(frozen=True)
class BoardPage:
    """One of the numbered pages: its topic, its heading (the finding) and its blocks."""

    id: str  # need-to-know
    number: int
    topic: str  # Return home interviews
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PageFrame:
    """What stands on every page: whose pack, of which month and edition, how old its data are, who may read it."""

    authority: str
    pack: str  # Improvement Board pack · March 2018 · edition 1
    data_age: str  # Data to 31 March 2018, 6 days old when received
    audience: str  # For members of the Board. Not for publication.
    marking: str = ""  # Draft: not an edition
