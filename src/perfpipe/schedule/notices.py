"""Notices: what is told to whom, in words that hold counts, months, owners and places, and never data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from perfpipe.dates.months import LONDON, Month
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.schedule.due import MonthRun
from perfpipe.schedule.outlook import Awaited, Blocker, LastPack, MonthOutlook, MonthState
from perfpipe.settings.deliveries import Occasion
from perfpipe.verify import Verification

MOST_PLACES = 20  # in one message
PARTS_OF_A_PLACE = 4  # reports/2018-03/board/1


@dataclass(frozen=True)
class Notice:
    """One thing to tell: on which occasion, a subject and lines of text, and for which owners a part of their own.

    `state`: what it is about, so that the same is told once.
    """

    occasion: Occasion
    subject: str
    text: str
    state: str
    of_owner: tuple[tuple[str, str], ...] = ()

    def text_for(self, owner: str) -> str:
        """The part of one owner; all of it where none is named; empty where nothing is theirs."""
        return dict(self.of_owner).get(owner, "") if owner else self.text


def notices_of(authority: str, runs: Sequence[MonthRun]) -> list[Notice]:
    """What is to be told of the months that were looked at."""
    return [notice for run in runs for notice in _of_run(authority, run)]


def _of_run(authority: str, run: MonthRun) -> list[Notice]:
    month = run.outlook.month
    found: list[Notice] = []
    blockers = run.blockers or run.outlook.blockers
    if run.outlook.state is MonthState.LATE:
        found.append(_late(authority, run.outlook))
    if blockers:
        found.append(_blocked(authority, month, blockers))
    if run.outcome and run.outcome.changed:
        found.append(_published(authority, run))
    elif run.outlook.last_pack:
        found.append(_published_before(authority, run.outlook, run.outlook.last_pack))
    return found


def _late(authority: str, outlook: MonthOutlook) -> Notice:
    lines = [_awaited(each) for each in outlook.awaited]
    by_sender = {each.sender: "" for each in outlook.awaited}
    for each in outlook.awaited:
        by_sender[each.sender] += f"{_awaited(each)}\n"
    subject = f"{authority}, {outlook.month.label}: {count_of(len(lines), 'extract')} late"
    state = f"{outlook.month} {[each.dataset for each in outlook.awaited]}"
    return Notice("late", subject, "\n".join(lines), state, tuple(by_sender.items()))


def _awaited(each: Awaited) -> str:
    return f"{each.title}: due on {each.due_on.day} {each.due_on:%B %Y} from {each.sender}, has not come."


def _blocked(authority: str, month: Month, blockers: Sequence[Blocker]) -> Notice:
    by_owner: dict[str, list[str]] = {}
    for each in blockers:
        by_owner.setdefault(each.owner, []).append(_blocker(each))
    faults = sum(len(each.places) for each in blockers)
    text = "\n\n".join(f"For {owner}:\n{_joined(lines)}" for owner, lines in by_owner.items())
    subject = f"{authority}, {month.label}: {count_of(faults, 'fault')} stop{'s' if faults == 1 else ''} the run"
    state = f"{month} {sorted((each.owner, each.dataset, each.rule, each.places) for each in blockers)}"
    return Notice("blocked", subject, text, state, tuple((owner, _joined(lines)) for owner, lines in by_owner.items()))


def _blocker(each: Blocker) -> str:
    shown = "".join(f"\n- {place}" for place in each.places[:MOST_PLACES])
    more = len(each.places) - MOST_PLACES
    return f"{each.what_to_do}{shown}" + (f"\n- and {more} more: `perfpipe check` lists them" if more > 0 else "")


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _published(authority: str, run: MonthRun) -> Notice:
    assert run.outcome is not None
    outcome = run.outcome
    folder = outcome.pack.parent
    name = f"edition {folder.name}" if folder.name.isdecimal() else folder.name.replace("-", " ")
    place = "/".join(folder.parts[-PARTS_OF_A_PLACE:])
    faults = ", ".join(f"{count} {severity}" for severity, count in sorted(outcome.fault_counts.items())) or "none"
    counts = f"{outcome.figures_written} figures are new or changed. Faults: {faults}."
    return _of_pack(authority, run.outlook, LastPack(outcome.run_id, name, place), counts)


def _published_before(authority: str, outlook: MonthOutlook, pack: LastPack) -> Notice:
    """Of a pack whose run was stopped before it could tell, or that somebody made by hand: told like any other."""
    return _of_pack(authority, outlook, pack, "`perfpipe status` says what faults there are.")


def _of_pack(authority: str, outlook: MonthOutlook, pack: LastPack, counts: str) -> Notice:
    missing = [f"There is no extract of {each.title}." for each in outlook.awaited]
    text = "\n".join([f"The pack is in {pack.place} of the workspace.", counts, *missing])
    subject = f"{authority}, {outlook.month.label}: {pack.name} published"
    return Notice("published", subject, text, f"{outlook.month} run {pack.run_id}")


def failure(authority: str, day: date, why: str) -> Notice:
    """That what was to run on a day failed, and why, in words without data."""
    return Notice("failed", f"{authority}: the run of {day.day} {day:%B %Y} failed", why, f"{day} {why}")


def abandoned(authority: str, began_at: datetime) -> Notice:
    """That a run which began at an instant ended without a result: its process was stopped."""
    began = began_at.astimezone(LONDON)
    subject = f"{authority}: the run of {began.day} {began:%B %Y, %H:%M} was stopped before it ended"
    text = (
        "Its process was stopped by a person, a restart or a lack of memory. It published nothing. What is due runs "
        "again at the next look."
    )
    return Notice("failed", subject, text, f"stopped {began_at.isoformat()}")


def verification(authority: str, found: Verification) -> Notice:
    """That something stored is not as it was written: counts and places."""
    shown = [f"{each.kind}: {each.path}: {each.found}. {each.what_to_do}" for each in found.problems[:MOST_PLACES]]
    subject = f"{authority}: {count_of(len(found.problems), 'problem')} found in what is stored"
    return Notice("verify_failed", subject, "\n".join(shown), f"{sorted(each.path for each in found.problems)}")


def told_as(notice: Notice, channel: str) -> str:
    """By what the ledger knows that a notice was told on a channel: a hash, as states name files."""
    return hashlib.sha256(f"{channel}\n{notice.occasion}\n{notice.state}".encode()).hexdigest()
