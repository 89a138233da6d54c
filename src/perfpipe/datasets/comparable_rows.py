"""The rows of two extracts that say something of the same children, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from perfpipe.datasets.in_order import FAR_AWAY, InOrder
from perfpipe.datasets.interview_times import with_days
from perfpipe.datasets.placement_codes import SHORT_BREAKS
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd


@dataclass(frozen=True, eq=False)
class ComparableRows:
    """The typed rows to compare: missing episodes of our children in months the placements extract is used for too."""

    missing: pd.DataFrame
    placements: pd.DataFrame
    placements_before: pd.DataFrame

    @cached_property
    def care(self) -> pd.DataFrame:
        """Episodes of care with `care_until`, the end of the unbroken period of care that each is part of."""
        rows = self.placements
        ordered = InOrder.of(rows, "child_id", "started_on")
        latest = ordered.latest_end_before(rows["ceased_on"])
        sorted_rows = rows.assign(rank=ordered.rank(), begins=latest.isna() | (rows["started_on"] > latest))
        period = sorted_rows.sort_values("rank")["begins"].cumsum().reindex(rows.index)
        end = rows["ceased_on"].fillna(pd.Timestamp(FAR_AWAY))
        return rows.assign(until=end, care_until=end.groupby(period).transform("max"))

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """Missing episodes with what the placements say of the day they began.

        `known` (the child is in the placements at all), `in_care` (some episode of care holds the day, both its ends
        included), `later_care` (some starts later), and of the latest episode that holds it `care_until`,
        `placed_until`, `location`, `short_break` and its `placement_row`.
        """
        rows = with_days(self.missing).rename_axis("position").reset_index()
        both = rows[["position", "child_id", "missing_on"]].merge(self.care, on="child_id")
        holds = both[(both["started_on"] <= both["missing_on"]) & (both["missing_on"] <= both["until"])]
        latest = holds.sort_values(["position", "started_on", "source_row"]).groupby("position").last()
        rows = rows.set_index("position")
        found = latest.reindex(rows.index)
        later = both.loc[both["started_on"] > both["missing_on"], "position"].unique()
        return rows.assign(
            known=rows["child_id"].isin(self.placements["child_id"]),
            in_care=rows.index.isin(latest.index),
            later_care=rows.index.isin(later),
            care_until=found["care_until"],
            placed_until=found["until"],
            placement_row=found["source_row"],
            location=found["location"],
            short_break=found["legal_status_code"].isin(SHORT_BREAKS),
            flagged=rows["looked_after_flag"] == "Y",
            last_day=local_day(rows["ended_at"]),
        )
