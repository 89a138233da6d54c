"""Local times of the autumn hour that occurs twice: the reading in which things happened in a possible order.

Each was parsed as the reading by which more time passes; it stays where that order is possible (definitions 3.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import LONDON

Readings = Mapping[str, datetime]


def in_possible_order(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The rows, with the other reading of a time that occurs twice where only that is in a possible order."""
    names = list(dict.fromkeys(name for pair in dataset.in_order for name in pair))
    near = np.zeros(len(rows), dtype=np.bool_)
    for name in names:
        in_october = rows[name].to_numpy(dtype="datetime64[M]").astype(np.int64) % 12 == 9
        if in_october.any():
            moments = rows[name].dt
            sunday = in_october & (moments.day >= 25) & (moments.day_of_week == 6)  # the last one
            near |= (sunday & moments.hour.isin((0, 1))).fillna(False).to_numpy(dtype=np.bool_)
    for index in rows.index[near]:
        row = rows.loc[index]
        moments = {name: row[name].to_pydatetime() for name in names if pd.notna(row[name])}
        for name, moment in _possible(moments, row, dataset).items():
            if moment != moments[name]:
                rows.loc[index, name] = pd.Timestamp(moment)
    return rows


def _possible(moments: Readings, row: pd.Series[Any], dataset: Dataset) -> Readings:
    """Of all readings of a row's times, those in the best order; of equal ones, the one with the fewest changes."""
    choices = [[moment, *_other_reading(moment)] for moment in moments.values()]
    every = [dict(zip(moments, chosen, strict=True)) for chosen in product(*choices)]
    if len(every) == 1:
        return moments
    return min(
        every,
        key=lambda one: (_out_of_order(one, row, dataset), sum(one[name] != moments[name] for name in moments)),
    )


def _other_reading(moment: datetime) -> list[datetime]:
    """The other instant with the same local time, if there is one."""
    local = moment.astimezone(LONDON)
    other = local.replace(fold=1 - local.fold).astimezone(UTC)
    return [other] if other != moment else []


def _out_of_order(moments: Readings, row: pd.Series[Any], dataset: Dataset) -> int:
    """How many pairs are in an order that cannot be. A time that is only a date is in no order within its day."""
    wrong = 0
    for first, last in dataset.in_order:
        if first in moments and last in moments:
            by_date = "date" in (row[f"{first}_precision"], row[f"{last}_precision"])
            wrong += not by_date and moments[last] < moments[first]
    return wrong
