"""Which datasets and layouts a file belongs to, by its name."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.dates.months import Month
from perfpipe.rules.containers import SPREADSHEETS
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings


def match_layouts(settings: Settings, month: Month, name: str) -> list[tuple[Dataset, Layout]]:
    """The datasets that a file belongs to in a month, each with its first layout that the name fits.

    A workbook may hold the sheets of several. Where its name is a standard one, other datasets take part only by a
    layout that names its sheet: patterns such as `*.xlsx` are wide. Any other file has one table, of the first dataset.
    """
    fitting = (
        (dataset, next((each for each in settings.layouts_of(dataset, month) if matches(name, each.files)), None))
        for dataset in DATASETS
    )
    found = [(dataset, layout) for dataset, layout in fitting if layout is not None]
    if Path(name).suffix.lower() not in SPREADSHEETS:
        return found[:1]
    wide = bool(found) and found[0][1].is_standard
    return [each for each in found if each is found[0] or not wide or each[1].sheet_patterns]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file name fits one of some patterns, in whatever case."""
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def reading_layout(settings: Settings, month: Month, dataset: Dataset, name: str) -> Layout | None:
    """The layout by which a file is read for a dataset, with the sheets that other layouts read among the ignored.

    What no layout reads is told once: by the first of the datasets, and only where each of them names its sheets.
    """
    found = match_layouts(settings, month, name)
    layout = next((layout for one, layout in found if one is dataset), None)
    if layout is None or len(found) == 1:
        return layout
    others = [other for one, other in found if one is not dataset]
    told_by_another = found[0][0] is not dataset or not all(other.sheet_patterns for other in others)
    theirs = ["*"] if told_by_another else [pattern for other in others for pattern in other.sheet_patterns]
    return layout.model_copy(update={"ignore_sheets": (*layout.ignore_sheets, *theirs)})


def names_by_part(parts: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, list[str]]:
    """Of each part that a layout names, the files whose names fit it."""
    return {part: [name for name in names if matches(name, patterns)] for part, patterns in parts.items()}
