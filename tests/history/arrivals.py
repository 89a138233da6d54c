"""A small authority whose extracts arrive in any order: what each holds, who speaks, and what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from perfpipe.dates.months import Month, month_range
from perfpipe.history.revision import Cause
from perfpipe.measures.definition import Period
from tests.workspaces import Row, episode

MONTHS = month_range(Month(2018, 1), Month(2018, 12))
CHILDREN, A_MONTH = 30, 8
KINDS = (Cause.LATE, Cause.LATE, Cause.CORRECTED, Cause.DELETED, Cause.REOPENED)
Name = tuple[int, bool]  # the number of the month that an extract was made after, and whether it is a wrong one


@dataclass(frozen=True)
class Planted:
    """A return, and what becomes of it in the extract that is made after a month; `late_record`: it comes late."""

    number: int
    month: int
    day: int
    interviewed: bool
    kind: Cause | None
    since: int
    late_record: bool

    def row(self, extract: Name) -> Row | None:
        """As an extract has it; None where it does not. A wrong extract lacks every third interview."""
        after, wrong = extract
        changed = self.kind is not None and after >= self.since
        if self.month > after or (self.late_record and not changed) or (self.kind is Cause.DELETED and changed):
            return None
        done = self.interviewed if self.kind is not Cause.LATE or self.late_record else changed
        done &= not (wrong and self.number % 3 == 0)
        hours = 120 if self.kind is Cause.CORRECTED and changed else 24
        is_open = self.kind is Cause.REOPENED and changed
        on = date(2018, self.month, self.day)
        return episode(
            self.number, child_id=f"C{self.number % CHILDREN}", missing_from=f"{on:%d/%m/%Y} 06:00",
            returned_at="" if is_open else f"{on:%d/%m/%Y} 10:00",
            interview_at=f"{on + timedelta(hours=hours):%d/%m/%Y} 10:00" if done and not is_open else "",
        )  # fmt: skip

    def share(self, row: Row | None, measure: str) -> tuple[bool, bool] | None:
        """How it counts in a measure: above and below the line; None: not at all."""
        if row is None or (measure == "rhi_within_72h" and not row["returned_at"]):
            return None
        if measure == "missing_episodes":
            return True, False
        on = date(2018, self.month, self.day)
        return row["interview_at"] == f"{on + timedelta(hours=24):%d/%m/%Y} 10:00", True


@dataclass(frozen=True)
class Source:
    """All returns of a year, and the extracts that were made of them."""

    records: Sequence[Planted]

    @classmethod
    def of(cls, seed: int) -> Source:
        """Returns of every month; a third of them change in a later extract, each once."""
        draw = Random(f"source {seed}")
        records = [Planted(0, 1, 2, True, None, 0, False)]  # so that every extract goes back to January
        for number in range(1, 1 + A_MONTH * len(MONTHS)):
            month = 1 + (number - 1) // A_MONTH
            kind = draw.choice(KINDS) if draw.random() < 0.35 and month < len(MONTHS) else None
            since = draw.randint(month + 1, len(MONTHS)) if kind else 0
            late = kind is Cause.LATE and draw.random() < 0.5
            done = draw.random() < 0.5 or kind in (Cause.CORRECTED, Cause.REOPENED)
            records.append(Planted(number, month, draw.randint(1, 25), done, kind, since, late))
        return cls(records)

    def rows(self, extract: Name) -> list[Row]:
        return [row for each in self.records if (row := each.row(extract)) is not None]

    def causes(self, key: Sequence[str], seen: Name | None, between: Name | None, now: Name) -> Mapping[Cause, int]:
        """Why a figure is other by one extract than another; `between`: after a withdrawal, before what came since."""
        if seen is None:
            return {Cause.ARRIVED: 0}
        covered = {month.number for month in Period(key[2]).months_to(Month.parse(key[1])) if month.year == 2018}
        found: Counter[Cause] = Counter()
        for each in self.records:
            if each.month not in covered:
                continue
            rows = [each.row(name) for name in (seen, between or seen, now)]
            shares = [each.share(row, key[0]) for row in rows]
            if shares[0] != shares[1]:
                found[Cause.WITHDRAWN] += 1
            if shares[1] != shares[2]:
                is_wrong = now[1] or (between or seen)[1]
                found[_by_a_wrong_extract(rows[1], rows[2]) if is_wrong or each.kind is None else each.kind] += 1
        return found


def _by_a_wrong_extract(then: Row | None, now: Row | None) -> Cause:
    """What it does to a record: its interviews are gone, and with the right one there again."""
    if then is None or now is None:
        return Cause.LATE if then is None else Cause.DELETED
    if then["returned_at"] and not now["returned_at"]:
        return Cause.REOPENED
    came = any(now[name] and not then[name] for name in ("returned_at", "interview_at"))
    return Cause.LATE if came else Cause.CORRECTED


def made_on(extract: Name) -> date:
    """The day that an extract was made: a week after its month, a wrong one the day after."""
    after, wrong = extract
    return MONTHS[after - 1].last_day + timedelta(days=8 if wrong else 7)


def speaker(arrived: Sequence[Name], month: Month) -> Name | None:
    """Of the extracts that have arrived the one made last that covers a month."""
    return max((each for each in arrived if each[0] >= month.number), default=None)
