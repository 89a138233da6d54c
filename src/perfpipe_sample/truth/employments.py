"""Employments of directly employed social workers, as the spells that make them up, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from perfpipe_sample.records import PostHeld
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off

LONGEST_GAP = timedelta(days=28)


@dataclass(frozen=True)
class TrueEmployment:
    """Spells of one worker that follow each other without a real break, or run side by side."""

    spells: tuple[PostHeld, ...]
    off: Off = NONE_OFF

    @property
    def started_on(self) -> date:
        """The first day."""
        return self.spells[0].started_on

    @property
    def newly_qualified(self) -> str | None:
        """Whether newly qualified when appointed."""
        return self.spells[0].newly_qualified

    @property
    def left_on(self) -> date | None:
        """The last day worked; None while any spell is open."""
        ends = [spell.left_on for spell in self.spells if spell.left_on]
        return max(ends) if len(ends) == len(self.spells) else None

    @property
    def first_spells(self) -> list[PostHeld]:
        """The spells of the first day."""
        return [spell for spell in self.spells if spell.started_on == self.started_on]

    @property
    def last_spells(self) -> list[PostHeld]:
        """The spells that end with the employment."""
        return [spell for spell in self.spells if spell.left_on == self.left_on]

    @property
    def gone_on(self) -> date | None:
        """The last day worked, unless it ended by a promotion or move within children's social work."""
        promoted = self.last_spells[0].leaving_reason == "internal_move"
        return None if promoted and CountingRule.PROMOTED_ARE_NOT_LEAVERS not in self.off else self.left_on

    def there_on(self, day: date) -> bool:
        """In post at the end of a day: the day of leaving is none."""
        return self.started_on <= day and (self.left_on is None or self.left_on > day)


def employments(rows: Sequence[PostHeld], off: Off = NONE_OFF) -> list[TrueEmployment]:
    """The employments that the permanent spells make up: gaps of up to 28 days are bridged."""
    by_worker: dict[str, list[PostHeld]] = {}
    for row in sorted(counted(rows, off), key=lambda row: (row.started_on, row.left_on or date.max)):
        by_worker.setdefault(row.worker_id, []).append(row)
    found = []
    for spells in by_worker.values():
        joined = [spells[0]]
        for spell in spells[1:]:
            if CountingRule.SHORT_GAPS_ARE_BRIDGED not in off and _follows(joined, spell):
                joined.append(spell)
            else:
                found.append(TrueEmployment(tuple(joined), off))
                joined = [spell]
        found.append(TrueEmployment(tuple(joined), off))
    return found


def counted(rows: Sequence[PostHeld], off: Off) -> list[PostHeld]:
    """The directly employed spells."""
    return [row for row in rows if row.contract == "permanent" or CountingRule.AGENCY_WORKERS_DO_NOT_COUNT in off]


def _follows(joined: Sequence[PostHeld], spell: PostHeld) -> bool:
    ends = [earlier.left_on for earlier in joined]
    return any(end is None or spell.started_on - end <= LONGEST_GAP for end in ends)
