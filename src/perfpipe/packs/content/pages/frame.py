"""What stands on every page: whose pack, of which month and edition, how old its data are, who may read it."""

from __future__ import annotations

from datetime import datetime

from perfpipe.dates.months import Month
from perfpipe.history.last_meeting import pack_day
from perfpipe.packs.models.blocks import PageFrame
from perfpipe.packs.wording.plan_words import long_day
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan import Audience, PackName, Plan

PACKS = {
    PackName.BOARD: ("Improvement Board pack", "For members of the Board. Not for publication."),
    PackName.PUBLIC: ("Scrutiny Board pack", "Not for publication until it has been checked for disclosure."),
    PackName.ANALYST: ("Performance pack", "For the performance team. Not for publication."),
}


def page_frame(
    authority: str, audience: PackName, month: Month, edition: str, age: str, marking: str = ""
) -> PageFrame:
    """The frame of every page. `edition`: `edition 1`, `draft 2`; `age` as `data_age` says it."""
    pack, readers = PACKS[audience]
    named = " · ".join(filter(None, (pack, month.label, edition)))
    return PageFrame(authority, named, age, readers, marking)


def data_age(plan: Plan, month: Month, known_at: datetime | None) -> str:
    """`Data to 31 March 2018, 25 days old at the meeting`: to its meeting, else to the last receipt (definitions 1.10).

    Never to the day of the run, which would make another pack of the same data.
    """
    data_to = f"Data to {long_day(month.last_day)}"
    days = (pack_day(plan, month, known_at) - month.last_day).days
    if days <= 0:
        return data_to
    meets = any(each.data_to == month for each in plan.meetings_of(Audience.BOARD))
    return f"{data_to}, {count_of(days, 'day')} old {'at the meeting' if meets else 'when received'}"
