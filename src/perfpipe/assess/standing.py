"""Since when a measure has been on its side of the target, and how often it met it (definitions 7.12)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from perfpipe.measures.words import JUDGED, Status

SERIES = ["measure_id", "period", "breakdown", "group"]
WINDOW = 12  # months


def with_standing(assessed: pd.DataFrame) -> pd.DataFrame:
    """Rows with `status_since`, `months_met` and `months_judged`, of the figures as they stand.

    Counted are months with a figure, a target and a status; the others are passed over.
    """
    since = np.full(len(assessed), "", dtype=object)
    met, judged = np.zeros(len(assessed), dtype=np.int64), np.zeros(len(assessed), dtype=np.int64)
    targeted = assessed["target"].notna().to_numpy()
    series = assessed[targeted].assign(place=np.flatnonzero(targeted)).sort_values("month")
    for _, rows in series.groupby(SERIES, sort=False):
        counted = rows["status"].isin(JUDGED).to_numpy()
        is_met, places = rows["status"].eq(Status.MET).to_numpy(), rows["place"].to_numpy()
        month = rows["month"].to_numpy(dtype="datetime64[M]").astype("int64")
        up_to = [np.append(0, each.cumsum()) for each in (counted, is_met & counted)]
        first = np.searchsorted(month, month - (WINDOW - 1))
        judged[places], met[places] = (total[1:] - total[first] for total in up_to)
        of_counted = is_met[counted]
        turns = np.append(True, of_counted[1:] != of_counted[:-1])[: len(of_counted)]
        began = np.maximum.accumulate(np.where(turns, np.arange(len(turns)), 0))
        since[places[counted]] = rows["month"].to_numpy(dtype=object)[counted][began]
    status_since = pd.Series(since, index=assessed.index, dtype="str")
    return assessed.assign(status_since=status_since, months_met=met, months_judged=judged)
