"""Who came to a stock and who left it in 12 months, by the bridge from month end to month end (definitions 7.10).

Without what was recorded late or corrected, which is neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from perfpipe.measures.definition import Measure, Steps
from perfpipe.measures.words import State

WINDOW = 12  # months
STEPS = ("came", "went", "step_spread")
WHERE = ["breakdown", "group"]


def stocks_of(measures: Mapping[str, Measure]) -> dict[str, Steps]:
    """The measures that are stocks with a bridge, by id, and what it is made of."""
    tables = {measure.shown.table.id: measure.shown.table for measure in measures.values() if measure.shown.table}
    found = [table.steps for table in tables.values() if table.steps]
    return {name: steps for steps in found for name in steps.of}


def with_steps(assessed: pd.DataFrame, stocks: Mapping[str, Steps]) -> pd.DataFrame:
    """The frame with `STEPS` of the 12 months to each figure of a stock; NaN where some month has none."""
    made = assessed.assign(**dict.fromkeys(STEPS, np.nan))
    for steps in set(stocks.values()):
        moves = [steps.came, steps.went, steps.moved_in, steps.moved_out]
        rows = assessed[assessed["measure_id"].isin(moves) & (assessed["state"] == State.OK)]
        within = rows["measure_id"].isin([steps.came, steps.went]) | (rows["breakdown"] != "all")
        rows = rows[within]  # a move from group to group is no step of the whole
        comes = rows["measure_id"].isin([steps.came, steps.moved_in])
        by_month = rows.assign(
            came=rows["numerator"].where(comes, 0.0), went=rows["numerator"].where(~comes, 0.0),
            step_spread=rows["spread"], parts=1,
        ).groupby([*WHERE, "month"], as_index=False)[[*STEPS, "parts"]].agg("sum", min_count=1)  # fmt: skip
        by_month = by_month[by_month["parts"] == np.where(by_month["breakdown"] == "all", 2, len(moves))]
        totals = _over_a_year(by_month)
        here = np.flatnonzero(assessed["measure_id"].isin(steps.of).to_numpy())
        found = assessed.iloc[here][[*WHERE, "month"]].merge(totals, on=[*WHERE, "month"], how="left")
        for name in STEPS:
            column = made[name].to_numpy(copy=True)
            column[here] = found[name].to_numpy()
            made[name] = column
    return made


def _over_a_year(by_month: pd.DataFrame) -> pd.DataFrame:
    """The sums of the 12 months to each month, where all of them are there."""
    number = by_month["month"].to_numpy(dtype="datetime64[M]").astype("int64")
    parts = [by_month.assign(number=number + later) for later in range(WINDOW)]
    sums = pd.concat(parts).groupby([*WHERE, "number"]).agg({**dict.fromkeys(STEPS, "sum"), "parts": "size"})
    sums = sums[sums["parts"] == WINDOW].reset_index()
    month = np.datetime_as_string(sums["number"].to_numpy(dtype="int64").astype("datetime64[M]"))
    return sums.assign(month=pd.array(month, dtype="str"))[[*WHERE, "month", *STEPS]]
