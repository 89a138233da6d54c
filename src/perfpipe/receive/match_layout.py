"""Which dataset and layout a file belongs to, by its name."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.dates.months import Month
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings


def match_layout(settings: Settings, month: Month, name: str) -> tuple[Dataset, Layout] | None:
    """The dataset and layout that a file name belongs to in a month, or None."""
    for dataset in DATASETS:
        for layout in settings.layouts_of(dataset, month):
            if matches(name, layout.files):
                return dataset, layout
    return None


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file name fits one of some patterns, in whatever case."""
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
