"""Spells that ended by a move or promotion within children's social work, after which the worker is nowhere.

Who moved on is retained (definitions 5.4): without a next spell that may hide a leaver for ever.
"""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets.employments import BREAK_DAYS
from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault, fault_of
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.between import MOVE_WITHOUT_NEXT_SPELL

READ = ["worker_id", "contract", "started_on", "left_on", "leaving_reason", "source_row"]
BREAK = pd.Timedelta(days=BREAK_DAYS)


def moves_without_next_spell(speaks_for: SpeaksFor, month: Month) -> list[Fault]:
    """A fault for each such spell that ended so long before the month's end that the next one should be there.

    The next spell may be in another extract. Of each spell the newest version counts.
    """
    if speaks_for.dataset is not SOCIAL_WORKERS or month not in speaks_for.by_month:
        return []
    spells = _newest_spells(speaks_for, month)
    due = spells["left_on"] + BREAK <= pd.Timestamp(month.last_day)
    moved = spells[due & (spells["leaving_reason"] == "internal_move")].reset_index()
    pairs = moved.merge(spells[["worker_id", "started_on", "left_on"]], on="worker_id", suffixes=("", "_other"))
    goes_on = pairs["left_on_other"].isna() | (pairs["left_on_other"] > pairs["left_on"])
    followed = pairs.loc[goes_on & (pairs["started_on_other"] <= pairs["left_on"] + BREAK), "index"]
    told = moved.loc[~moved["index"].isin(followed), ["reading_id", "source_row"]]
    return [
        fault_of(
            MOVE_WITHOUT_NEXT_SPELL,
            speaks_for.readings[reading_id].at(row, "leaving_reason"),
            f"internal_move, and no spell of the worker within {BREAK_DAYS} days of its end",
        )
        for reading_id, row in told.values.tolist()
    ]


def _newest_spells(speaks_for: SpeaksFor, month: Month) -> pd.DataFrame:
    """The directly employed spells of the extracts used to a month, of each (worker and start) the newest version."""
    used = {reading.id: reading for each, reading in speaks_for.by_month.items() if each <= month}
    parts = [each.rows()[READ].assign(reading_id=each.id, made=each.extracted_at) for each in used.values()]
    spells = pd.concat(parts, ignore_index=True)
    newest = spells["made"] == spells.groupby(["worker_id", "started_on"])["made"].transform("max")
    return spells[newest & (spells["contract"] == "permanent")]
