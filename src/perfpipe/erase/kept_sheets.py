"""What is kept of the sheets of a file: all that layouts read, without some people's records and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from perfpipe.erase.file_regions import Region
from perfpipe.read.raw_cells import ColumnCells, Mask, RawSheet
from perfpipe.validate.erased_people import People


def without_records(sheets: Sequence[RawSheet], regions: Sequence[Region], people: People) -> list[RawSheet]:
    """Sheets without the people's records and without what no layout reads; row numbers stay."""
    by_sheet: dict[str, list[Region]] = {}
    for region in regions:
        by_sheet.setdefault(region.sheet, []).append(region)
    return [_kept_sheet(sheet, by_sheet.get(sheet.name, []), people) for sheet in sheets]


def _kept_sheet(sheet: RawSheet, regions: Sequence[Region], people: People) -> RawSheet:
    if not regions:
        return RawSheet(sheet.file, sheet.name, 0, [], sheet.visible, notes=sheet.notes)
    columns = [
        _kept_column(column, position, regions, people, sheet.height) for position, column in enumerate(sheet.columns)
    ]
    return replace(sheet, columns=columns)


def _kept_column(
    column: ColumnCells, position: int, regions: Sequence[Region], people: People, height: int
) -> ColumnCells:
    keep, words = np.zeros(height, dtype=np.bool_), np.zeros(height, dtype=np.bool_)
    numbers = np.arange(height)
    first = min((each.first for each in regions if not each.turned), default=height)
    for each in regions:
        if each.turned:
            before, read = position < each.first, np.isin(numbers, list(each.positions))
            keep |= before | (read & (position not in each.gone))
            words |= before | np.isin(numbers, list(each.texts))
        elif position in each.positions:
            keep |= (numbers >= each.first) & ~np.isin(numbers, each.gone)
            words |= position in each.texts
    if not any(each.turned for each in regions):
        keep |= numbers < first
        words |= numbers < first
    odd = {text for each in regions for text in each.odd}
    for number in [n for n, (_, text) in enumerate(column.distinct) if text in odd]:
        words |= column.numbers == number
    return _renamed(column, keep, words & ~_numbers_of_others(column, position, regions, people), people)


def _numbers_of_others(column: ColumnCells, position: int, regions: Sequence[Region], people: People) -> Mask:
    """True where the id of a record that stays is the same as that of one of the people, by chance.

    Systems number children, workers and records each from one on. Such an id names nobody of the people.
    """
    among = np.zeros(len(column.numbers), dtype=np.bool_)
    numbers = np.arange(len(among))
    for each in regions:
        if each.turned and position in each.stay:
            among |= np.isin(numbers, list(each.ids))
        elif not each.turned and position in each.ids:
            among |= np.isin(numbers, each.stay)
    if not among.any():
        return among
    same = np.array([people.has_id(text) for _, text in column.distinct], dtype=np.bool_)
    return among & same[column.numbers]


def _renamed(column: ColumnCells, keep: Mask, words: Mask, people: People) -> ColumnCells:
    """The cells that are kept; in those with words nobody of the people is named."""
    plainly = list(column.distinct)
    place = np.where(keep, column.numbers, 0).astype(np.int32)
    for number in np.unique(place[words]).tolist():
        kind, text = plainly[number]
        without = people.without(text) if number else text
        if without != text:
            plainly.append((kind, without))
            place[words & (place == number)] = len(plainly) - 1
    return ColumnCells(plainly, place)


def mentions(sheets: Sequence[RawSheet], regions: Sequence[Region], people: People) -> bool:
    """Whether a file holds a record of the people, or names one of them where words may stand."""
    if any(region.gone or region.odd for region in regions):
        return True
    for sheet in sheets:
        own = [region for region in regions if region.sheet == sheet.name and not region.turned]
        numbers_alone = {position for region in own for position in region.positions - region.texts}
        here = [region for region in regions if region.sheet == sheet.name]
        first = min((region.first for region in own), default=0)
        for position, column in enumerate(sheet.columns):
            named = np.where(_numbers_of_others(column, position, here, people), 0, column.numbers)
            used = set(named[: first if position in numbers_alone else None].tolist()) - {0}
            if any(next(people.spans_in(column.distinct[number][1]), None) for number in used):
                return True
    return False
