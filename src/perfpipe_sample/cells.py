"""How a value looks in a council's spreadsheet: the same thing written in several ways down one column."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime

from perfpipe.datasets.definition import CodeList
from perfpipe_sample import recording_parameters as r

Cell = str | int | float | date | datetime | None
Style = Callable[[random.Random, "Cell"], Cell]

YES_NO: Mapping[str, tuple[Cell, ...]] = {
    "Y": ("Y", "Yes", 1, "Y"),
    "N": ("N", "No", 0, "N"),
    "NA": ("NA", "N/A", "Not applicable"),
}
AREA: Mapping[str, tuple[Cell, ...]] = {
    "IN": ("IN", "In area", "Yes", "Y"),
    "OUT": ("OUT", "Out of area", "No", "N"),
}
CATEGORY: Mapping[str, tuple[Cell, ...]] = {
    "M": ("Missing", "M", "a) Missing"),
    "A": ("Away", "A", "b) Away"),
}


def plain(rng: random.Random, value: Cell) -> Cell:
    """As it is."""
    return value


def day(rng: random.Random, value: Cell) -> Cell:
    """A date cell, or text."""
    if isinstance(value, date) and rng.random() < r.TEXT_DATE:
        return value.strftime("%d/%m/%Y")
    return value


def instant(rng: random.Random, value: Cell) -> Cell:
    """A cell with date and time, or text."""
    if isinstance(value, datetime) and rng.random() < r.TEXT_DATE:
        return value.strftime("%d/%m/%Y %H:%M")
    return value


def month_end(rng: random.Random, value: Cell) -> Cell:
    """The date cell of a month's last day, or the month as text."""
    if isinstance(value, date) and rng.random() < r.TEXT_DATE:
        return value.strftime("%m/%Y")
    return value


def one_of(spellings: Mapping[str, tuple[Cell, ...]]) -> Style:
    """Any of the spellings in use."""

    def style(rng: random.Random, value: Cell) -> Cell:
        return rng.choice(spellings[value]) if isinstance(value, str) else None

    return style


def coded(codes: CodeList, letter: str) -> Style:
    """The bare code, or with its description, list letter and all."""
    spellings: dict[str, tuple[Cell, ...]] = {
        code.code: (
            code.code,
            code.code,
            code.code.lower(),
            f"{code.code}: {code.label}",
            f"{letter}) {code.code}: {code.label}",
            f"{code.code} - {code.label}",
        )
        for code in codes.codes
    }
    return one_of(spellings)


def worded(words: Mapping[str, str]) -> Style:
    """The source's own words for a code."""
    return one_of({code: (word,) for code, word in words.items()})
