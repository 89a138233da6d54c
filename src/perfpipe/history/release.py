"""Release: who says that an audience saw an edition, from which day on, and who takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from perfpipe.dates.months import LONDON, Month
from perfpipe.history.seen import MEETS, release_of, standing_releases
from perfpipe.ledger.history_records import EventKind, EventRecord, ReleasedBy, ReleaseRecord
from perfpipe.ledger.hold import hold_alone
from perfpipe.ledger.records import EditionRecord, PackAudience
from perfpipe.measures import MEASURES
from perfpipe.phrases.near_names import no_such
from perfpipe.plan import Plan, load_plan
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import login


@dataclass(frozen=True)
class SignOff:
    """An edition that is released, and the day from which on it counts as seen."""

    edition: EditionRecord
    on: date


def release(
    workspace: Workspace,
    month: Month,
    audience: PackAudience,
    role: str,
    note: str,
    *,
    on: date | None = None,
    edition: int | None = None,
    now: datetime | None = None,
) -> SignOff:
    """Make an edition of a month, else the newest, the one that an audience saw (definitions 1.10).

    It counts from `on`; without it from the meeting to come that is shown this month, else from today. `role`: one of
    the plan's owners. Raises SettingsError, WorkspaceInUse.
    """
    at = now or datetime.now(UTC)
    plan = load_plan(workspace.plan_file, MEASURES)
    checked_role(plan, role)
    with hold_alone(workspace) as (_, ledger):
        editions = ledger.packs(audience, month)
        chosen = [each for each in editions if edition in (None, each.edition)]
        if not chosen:
            there = ", ".join(str(each.edition) for each in editions) or "none"
            what = f"edition {edition}" if edition else "an edition"
            found = f"expected {what}, found {there}; `perfpipe run {month}` makes one"
            raise SettingsError([f"{month} has no {audience} pack to release: {found}"])
        newest = chosen[-1]
        day = on or _meeting_to_come(plan, audience, month, at) or at.astimezone(LONDON).date()
        standing = release_of(ledger, audience, month)
        if standing and standing.id == newest.id:
            raise SettingsError([f"{month}: edition {newest.edition} is released to the {audience} already"])
        about = f"{audience} edition {newest.edition}, from {day}"
        with ledger.writing():
            ledger.add_release(ReleaseRecord(newest.id, audience, day, ReleasedBy.PERSON, role, login(), note, at))
            ledger.add_event(EventRecord(at, role, login(), EventKind.RELEASED, month, about, note))
    return SignOff(newest, day)


def _meeting_to_come(plan: Plan, audience: PackAudience, month: Month, at: datetime) -> date | None:
    today = at.astimezone(LONDON).date().isoformat()
    meetings = plan.meetings_of(MEETS[audience]) if audience in MEETS else ()
    return next((date.fromisoformat(m.on) for m in meetings if m.data_to == month and m.on >= today), None)


def reopen(
    workspace: Workspace,
    month: Month,
    audience: PackAudience,
    role: str,
    reason: str,
    now: datetime | None = None,
) -> int:
    """Take back every release of a month to an audience; returns how many.

    Raises SettingsError where there is none, WorkspaceInUse.
    """
    at = now or datetime.now(UTC)
    checked_role(load_plan(workspace.plan_file, MEASURES), role)
    with hold_alone(workspace) as (_, ledger):
        standing = standing_releases(ledger, audience, month)
        if not standing:
            raise SettingsError([f"{month} is not released to the {audience}: there is nothing to reopen"])
        with ledger.writing():
            ledger.reopen([each.id for each in standing], reason, at)
            ledger.add_event(EventRecord(at, role, login(), EventKind.REOPENED, month, f"{audience} pack", reason))
    return len(standing)


def checked_role(plan: Plan, role: str) -> None:
    """Raises SettingsError where a role is none of the plan's owners; without any, every word will do."""
    known, titles = [each.id for each in plan.owners], {each.id: each.role for each in plan.owners}
    if known and role not in known:
        raise SettingsError([f"plan.toml: {no_such('role', role, known, titles=titles)}"])
