"""What an audience has seen: the editions released to it, and of each figure what the last of them showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Protocol

from perfpipe.dates.months import LONDON, Month, to_utc
from perfpipe.frames.libraries import pd
from perfpipe.history.frozen_figures import without_frozen
from perfpipe.ledger.history_records import PACK_ID, ReleasedBy, ReleaseRecord
from perfpipe.ledger.records import EditionRecord, PackAudience, RunRecord
from perfpipe.measures.figure import KEY
from perfpipe.plan import Audience, Plan

if TYPE_CHECKING:
    from perfpipe.ledger.ledger import Ledger

MEETS = {PackAudience.BOARD: Audience.BOARD}  # whose meetings' days release; to the public only a person does


class ReleasesLedger(Protocol):
    """What is asked of a ledger to say who saw what; `Ledger` and `PlainLedger` answer it alike."""

    def run(self, run_id: int, /) -> RunRecord:
        """One run by its id."""

    def runs(self) -> list[RunRecord]:
        """Runs in order."""

    def runs_with_data(self) -> set[int]:
        """The ids of the runs that used at least one extract."""

    def packs(self, audience: PackAudience, month: Month | None = None, /) -> list[EditionRecord]:
        """Published editions in the order of publication."""

    def releases(self, audience: PackAudience, /) -> list[ReleaseRecord]:
        """What was released to an audience."""


@dataclass(frozen=True)
class Showing:
    """That an audience was shown an edition, and on which day."""

    edition_id: int
    on: date


def editions_seen(ledger: ReleasesLedger, plan: Plan, audience: PackAudience, at: datetime) -> tuple[int, ...]:
    """The editions that an audience had seen by an instant, by their ids, the last seen last."""
    return tuple(each.edition_id for each in seen_by(ledger, plan, audience, at))


def seen_by(ledger: ReleasesLedger, plan: Plan, audience: PackAudience, at: datetime) -> list[Showing]:
    """What an audience had seen by an instant (definitions 1.10), the last seen last.

    That is what a person released to it, from that day on; and on each of its meetings' days the newest edition of the
    meeting's month published before. An edition made from no extract shows nothing and was never seen.
    """
    today = at.astimezone(LONDON).date()
    meetings = plan.meetings_of(MEETS[audience]) if audience in MEETS else ()
    found = [
        Showing(release.pack_id, release.released_on)
        for release in ledger.releases(audience)
        if release.reopened_at is None
        and release.released_on <= today
        and not (release.released_by is ReleasedBy.UPGRADE and meetings)
    ]
    runs = {run.id: run for run in ledger.runs()}
    editions = ledger.packs(audience)
    for meeting in meetings:
        day = date.fromisoformat(meeting.on)
        before = to_utc(datetime.combine(day, time()))
        shown = [each for each in editions if each.month == meeting.data_to and runs[each.run_id].run_at < before]
        if day <= today and shown:
            found.append(Showing(shown[-1].id, day))
    with_data = ledger.runs_with_data()
    without = {each.id for each in editions if each.run_id not in with_data}
    return sorted(
        {each for each in found if each.edition_id not in without}, key=lambda each: (each.on, each.edition_id)
    )


def seen_by_run(ledger: ReleasesLedger, plan: Plan, run_id: int) -> tuple[int, ...]:
    """What the board had seen when a run started: as it recorded it, or as follows from the ledger for older runs."""
    run = ledger.run(run_id)
    if run.seen is not None:
        return run.seen
    earlier = {each.id for each in ledger.packs(PackAudience.BOARD) if each.run_id < run_id}
    return tuple(each for each in editions_seen(ledger, plan, PackAudience.BOARD, run.run_at) if each in earlier)


def last_shown(ledger: Ledger, seen: Sequence[int], months: Sequence[Month]) -> pd.DataFrame | None:
    """Of each figure of some months what the last edition seen that showed it showed: `CELLS` and `pack_id`.

    `seen`: ids of editions, the last seen last. None where nothing was seen. Not of figures whose rows were erased:
    they stay as they are, and nothing is said of how they came to be so.
    """
    if not seen:
        return None
    cells = without_frozen(ledger.cells_of(seen, months[0], months[-1]), ledger)
    order = {edition: place for place, edition in enumerate(seen)}
    in_order = cells.assign(place=cells[PACK_ID].map(order)).sort_values("place", kind="stable")
    return in_order.drop_duplicates(KEY, keep="last").drop(columns="place").reset_index(drop=True)


def release_of(ledger: ReleasesLedger, audience: PackAudience, month: Month) -> EditionRecord | None:
    """The edition of a month that is released to an audience by a person, and was not reopened; the newest, or None."""
    released = {each.pack_id for each in standing_releases(ledger, audience, month)}
    found = [each for each in ledger.packs(audience, month) if each.id in released]
    return found[-1] if found else None


def standing_releases(ledger: ReleasesLedger, audience: PackAudience, month: Month) -> list[ReleaseRecord]:
    """The releases of a month to an audience by a person that were not taken back."""
    of_month = {each.id for each in ledger.packs(audience, month)}
    return [
        each
        for each in ledger.releases(audience)
        if each.pack_id in of_month and each.reopened_at is None and each.released_by is ReleasedBy.PERSON
    ]


def is_signed_off(ledger: ReleasesLedger, audience: PackAudience, month: Month, at: datetime) -> bool:
    """Whether a month is released to an audience for a day to come: until then a run of it makes a draft."""
    today = at.astimezone(LONDON).date()
    return any(each.released_on > today for each in standing_releases(ledger, audience, month))
