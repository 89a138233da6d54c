"""What a dataset is: its columns, code lists, rules and what its standard layout covers.

A column is stated once, here: pandera schema, template workbook, help text and standard layout come from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from perfpipe.datasets.row_check import RowCheck
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.rules.rule import UNUSABLE, Defect

if TYPE_CHECKING:
    import pandas as pd


class Kind(StrEnum):
    """What a column holds, and so how its cells are parsed and which dtype the typed rows have."""

    ID = "id"  # text, kept to the letter: leading zeros count
    TEXT = "text"
    CODE = "code"  # one of a code list; "U6: Foster placement" is read as U6
    DATE = "date"  # datetime64[us], midnight, no zone
    INSTANT = "instant"  # datetime64[us, UTC], with a companion column <name>_precision: minute or date
    NUMBER = "number"  # float64
    COUNT = "count"  # Int64
    MONTH = "month"  # text YYYY-MM

    @property
    def dtype(self) -> str:
        """The pandas dtype of a typed column of this kind."""
        return {
            Kind.DATE: "datetime64[us]",
            Kind.INSTANT: "datetime64[us, UTC]",
            Kind.NUMBER: "float64",
            Kind.COUNT: "Int64",
        }.get(self, "str")


@dataclass(frozen=True)
class Code:
    """One code of a list, with the first and the last day on which it may be in use (None: no limit)."""

    code: str
    label: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class CodeList:
    """The codes a column may hold, dated, with the other spellings that sources use for them."""

    name: str
    codes: tuple[Code, ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    not_yet: tuple[str, ...] = ()  # codes that say that it is not known yet: what stands there later was no correction

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """The codes by their letters."""
        return {code.code: code for code in self.codes}

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """The codes by every spelling of them: the code itself, its label, its synonyms; as `spellings` gives them."""
        labels = {code.label.casefold(): code.code for code in self.codes}
        codes = {code.code.casefold(): code.code for code in self.codes}
        return labels | {text.casefold(): code for text, code in self.synonyms.items()} | codes

    def parse(self, text: str) -> str | None:
        """The code that a cell's text means, or None."""
        return next((self.by_spelling[each] for each in spellings(text) if each in self.by_spelling), None)


LIST_PREFIX = re.compile(r"\(?[a-z0-9]{1,3}\)\s*")
CODE_BEFORE_LABEL = re.compile(  # "U6: ...", "PR4 - ...", "3D-...": with a lone dash only a code of letters and digits
    r"([a-z0-9_]+)(?:\s*:|\s+[-\u2013\u2014]\s)|([a-z]+\d+[a-z]?|\d+[a-z]+)[-\u2013]"
)
NUMBERED = re.compile(r"\b(?:[a-z]+\d+[a-z]?|\d+[a-z]+)\b")  # a code that cannot be taken for a word
IN_BRACKETS = rf"(?:\({NUMBERED.pattern}\)|\[{NUMBERED.pattern}\])"
AT_AN_END = re.compile(  # "U6 Foster placement", "[U6] Foster placement", "Foster placement (U6)"
    rf"(?:{IN_BRACKETS}|{NUMBERED.pattern})(?:[ (].*)?|.*{IN_BRACKETS}"
)


def spellings(text: str) -> Iterator[str]:
    """What to look up for a cell that may hold a code, in this order: all of it, and the code in it.

    The code alone is what stands behind a list prefix and before a description: U6 in "f) U6: Foster placement - not
    FFA", PR4 in "e) PR4 - Private provision", 3D in "j) 3D: Health". One of a letter and a number may also stand before
    or behind its label without such a sign, where the text has no other.
    """
    whole = " ".join(text.split()).casefold()
    yield whole
    plain = LIST_PREFIX.sub("", whole, count=1) if LIST_PREFIX.match(whole) else whole
    plain = plain.replace("\u2019", "'")
    if plain != whole:
        yield plain
    if match := CODE_BEFORE_LABEL.match(plain):
        yield match[1] or match[2]
    for text in dict.fromkeys((plain, whole)):
        codes = set(NUMBERED.findall(text))
        if len(codes) == 1 and AT_AN_END.fullmatch(text):
            yield from codes


@dataclass(frozen=True)
class Column:
    """One canonical column: its name, kind, whether it must be there and be filled, and what it means."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False  # the source must have the column
    filled: bool = False  # every row must have a value; a row without one is excluded
    codes: CodeList | None = None
    aliases: tuple[str, ...] = ()  # other headers that the standard layout accepts
    least: float | None = None  # the smallest number allowed
    most: float | None = None  # what is more is a number of something else: a column of such cannot be used
    vital: bool = False  # blank has a meaning (still open), so a row with an unreadable value is excluded
    last_reading: bool = False  # of a local time that occurs twice in autumn, take the later one
    precision_from: str | None = None  # the column that says whether an instant is a date only
    unreadable: Defect | None = None  # marked where a value cannot be read, if a blank means something to measures
    decides: Callable[[pd.DataFrame], pd.Series[bool]] | None = None  # rows that it is marked in; None: in all

    @property
    def expected(self) -> str:
        """What a cell should hold, in words for the person who corrects it."""
        match self.kind:
            case Kind.CODE if self.codes:
                return "one of " + ", ".join(self.codes.by_code)
            case Kind.DATE:
                return "a date: a date cell, or text dd/mm/yyyy or yyyy-mm-dd"
            case Kind.INSTANT:
                return "a date and time: a date cell, or text dd/mm/yyyy hh:mm or yyyy-mm-dd hh:mm"
            case Kind.NUMBER:
                ends = (("at least", self.least), ("at most", self.most))
                said = " and ".join(f"{words} {end:g}" for words, end in ends if end is not None)
                return f"a number{' of ' if said else ''}{said}, with a point before any decimals"
            case Kind.COUNT:
                return "a whole number of at least 0"
            case Kind.MONTH:
                return "a month: a date cell, or text yyyy-mm or mm/yyyy"
            case Kind.ID:
                return "one identifier"
            case _:
                return "text"


class Selects(StrEnum):
    """By which date a source selects the records of its span."""

    STARTED = "started"  # records that started in the span
    ENDED = "ended"  # records that ended in the span, and those still open
    OVERLAP = "overlap"  # records open on any day of the span
    SNAPSHOT = "snapshot"  # records open when the extract was made


class PersonKind(StrEnum):
    """Whose records can be erased. The same id may name a child and a worker: they are two people."""

    CHILD = "child"
    WORKER = "worker"
    HOUSEHOLD = "household"  # adopters


OF_EVERY_DATASET = (
    FrameColumn("as_at", "datetime64[us, UTC]", "when the source made the extract"),
    FrameColumn("source_row", "Int64", "the row of the file"),
    FrameColumn("defects", "str", "what is wrong with the row: ids, separated by blanks"),
)


@dataclass(frozen=True)
class Dataset:
    """A canonical table: columns, key, checks of its rows, and which columns say when a record starts and ends.

    `goes_back_by`: how the standard layout, which declares no `covers`, decides how far back a file can be used:
    `start` (its earliest start), `end` (its earliest end: before that it holds survivors only) or `month`
    (exactly the months its rows name).
    """

    id: str
    title: str
    one_row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    start: str
    end: str | None
    goes_back_by: str
    person: tuple[PersonKind, str] | None  # whose record a row is, and the column of that person's id; None: nobody's
    checks: tuple[RowCheck, ...] = ()
    version: int = 1
    end_fallback: str | None = None  # the end when `end` is blank
    in_order: tuple[tuple[str, str], ...] = ()  # instants of which the second cannot be before the first
    one_at_a_time: bool = False  # a person's record has ended by the start of the next
    follow_by: tuple[str, ...] = ()  # what names a record from one extract to the next; empty: the key
    optional: bool = False  # nothing is missing in a workspace that never had an extract of it
    refused_whole: bool = False  # typed by hand: a row that cannot be used refuses its file, as what is left misleads
    derive: Callable[[pd.DataFrame], pd.DataFrame] | None = None  # adds columns; may see several extracts
    lacks_before: Callable[[pd.DataFrame], pd.Series[bool]] | None = None  # of derived rows: what came before is amiss
    locate: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] | None = None  # fills in from the table of places
    due_days: Callable[[pd.DataFrame, Collection[date]], pd.DataFrame] | None = None  # moved by more bank holidays
    context: Callable[[pd.DataFrame], pd.DataFrame] | None = None  # adds columns that rules read, as the record before

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def defects(self) -> dict[str, Defect]:
        """What can be wrong with a row that leaves it out of some figures, by id. Unusable rows are in none anyway."""
        found = [column.unreadable for column in self.columns] + [check.rule.defect for check in self.checks]
        return {defect.id: defect for defect in found if defect is not None and defect is not UNUSABLE}

    @cached_property
    def frame(self) -> Frame:
        """The typed rows, unique by the key: each column by its kind, and those of `OF_EVERY_DATASET`."""
        columns: list[FrameColumn] = []
        for each in self.columns:
            codes = tuple(each.codes.by_code) if each.codes else ()
            columns.append(FrameColumn(each.name, each.kind.dtype, each.meaning, not each.filled, codes, each.least))
            if each.kind is Kind.INSTANT:
                name, meaning = f"{each.name}_precision", f"how exactly {each.name} is known"
                columns.append(FrameColumn(name, "str", meaning, blanks=True, words=("minute", "date")))
        return Frame(f"typed rows of {self.id}", (*columns, *OF_EVERY_DATASET), self.key)

    @property
    def dtypes(self) -> dict[str, str]:
        """Column names and dtypes of the typed rows, in order."""
        return self.frame.dtypes

    def empty(self) -> pd.DataFrame:
        """Typed rows without a row."""
        return self.frame.empty()

    def as_rules_see(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with their codes as categories, which compare fast, and with the columns that `context` adds."""
        coded = rows.astype({column.name: "category" for column in self.columns if column.codes})
        return self.context(coded) if self.context else coded
