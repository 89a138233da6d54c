"""Ended episodes that a look-back takes from an older extract although a later one has the child elsewhere by then.

A look-back knows an episode by child and start (definitions 1.4): where the start was corrected, it sees two.
"""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets.placements import PLACEMENTS, SHORT_BREAKS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault, fault_of
from perfpipe.measures.placement_stability import CARE_MONTHS
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.between import OVERLAPS_LATER_EXTRACT

READ = ["child_id", "started_on", "ceased_on", "legal_status_code", "source_row"]


def overlapping_version_faults(speaks_for: SpeaksFor, month: Month) -> list[Fault]:
    """A fault for each ended episode of an older extract that overlaps one of the child in a later extract.

    Of those that a look-back from the month sees. Series of short breaks (V3, V4) stand beside other episodes.
    """
    if speaks_for.dataset is not PLACEMENTS or month not in speaks_for.by_month:
        return []
    episodes = _looked_back_at(speaks_for, month)
    pairs = episodes[episodes["ceased_on"].notna()].merge(episodes, on="child_id", suffixes=("", "_later"))
    pairs = pairs[pairs["made"] < pairs["made_later"]]
    open_end = pairs["ceased_on_later"].isna()
    overlap = (pairs["started_on_later"] < pairs["ceased_on"]) & (
        open_end | (pairs["started_on"] < pairs["ceased_on_later"])
    )
    told = pairs[overlap].sort_values("made_later").drop_duplicates(["reading_id", "source_row"], keep="last")
    told = told.sort_values(["made", "source_row"])
    named = ["reading_id", "source_row", "reading_id_later", "source_row_later"]
    return [
        fault_of(
            OVERLAPS_LATER_EXTRACT,
            speaks_for.readings[mine].at(row, "ceased_on"),
            f"ended after the episode of row {other} of {speaks_for.readings[later].name} had begun",
        )
        for mine, row, later, other in told[named].values.tolist()
    ]


def _looked_back_at(speaks_for: SpeaksFor, month: Month) -> pd.DataFrame:
    """The latest version of each episode that a look-back from the month sees, with `reading_id` and `made`."""
    months: dict[str, set[pd.Period]] = {}
    for each, reading in speaks_for.by_month.items():
        if month - (CARE_MONTHS - 1) <= each <= month:
            months.setdefault(reading.id, set()).add(pd.Period(str(each), "M"))
    parts = []
    for reading_id, spoken in months.items():
        reading = speaks_for.readings[reading_id]
        rows = reading.rows()[READ]
        seen = rows["ceased_on"].dt.to_period("M").isin(spoken)
        if reading is speaks_for.by_month[month]:
            last_day = pd.Timestamp(month.last_day)
            seen |= (rows["started_on"] <= last_day) & ~(rows["ceased_on"] <= last_day)
        seen &= ~rows["legal_status_code"].isin(SHORT_BREAKS)
        parts.append(rows[seen].assign(reading_id=reading_id, made=reading.extracted_at))
    episodes = pd.concat(parts, ignore_index=True)
    newest = episodes.groupby(["child_id", "started_on"])["made"].transform("max")
    latest: pd.DataFrame = episodes[episodes["made"] == newest]
    return latest
