"""Which datasets and layouts a file belongs to, by its name."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
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
    return [each for each in found if each is found[0] or not wide or each[1].sheets]


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
    told_by_another = found[0][0] is not dataset or not all(other.sheets for other in others)
    theirs = ["*"] if told_by_another else [re.sub(r"([*?[])", r"[\1]", s) for o in others for s in o.all_sheets]
    return layout.model_copy(update={"ignore_sheets": (*layout.ignore_sheets, *theirs)})
