"""How missing episodes and interviews are keyed: late, corrected, incomplete, twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from perfpipe.dates.months import Month
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.knowledge import Changes, RecordHistory, entered_at, extraction_at, history, moment_between
from perfpipe_sample.missing import Absence, plain_time
from perfpipe_sample.recording import NOTES
from perfpipe_sample.records import MissingEpisode

DATASET = "return_home_interviews"
AT_RETURN = ("found_at", "returned_at", "rhi_required", "not_required_reason")
AT_OFFER = ("offered", "offered_at", "outcome")
AT_INTERVIEW = ("interview_id", "interview_at", "independent", "method")
ONCE_KEYED = (*AT_RETURN, *AT_OFFER, *AT_INTERVIEW)


def record_missing(
    rng: random.Random, offers: random.Random, absences: Sequence[Absence]
) -> list[RecordHistory[MissingEpisode]]:
    """The histories of every missing and away episode; `offers` decides how the offers of interviews are keyed."""
    complete = [_complete_row(rng, number, absence) for number, absence in enumerate(absences)]
    complete = [_with_offer(offers, row, absence) for row, absence in zip(complete, absences, strict=True)]
    forgotten = _interviews_forgotten(rng, complete)
    deleted, corrected = _set_right(complete)
    return [
        _set_right_later(_history(rng, absence, row, row.episode_id in forgotten), row, deleted, corrected)
        for absence, row in zip(absences, complete, strict=True)
    ]


def _complete_row(rng: random.Random, number: int, absence: Absence) -> MissingEpisode:
    """The row with everything keyed, and with the faults that stay."""
    runaway = absence.runaway
    left, found, returned = absence.missing_from, absence.found_at, absence.returned_at
    if rng.random() < r.MIDNIGHT:
        left, found, returned = _date_only(left), _date_only(found), _date_only(returned)
    chance = rng.random()
    blank_found, blank_returned = chance < 0.15, chance > 0.96
    if rng.random() < r.RETURN_BEFORE_MISSING:
        returned, blank_found, blank_returned = left - timedelta(days=1), True, False
    own_name = rng.choices(p.OWN_SPELLINGS, p.OWN_SPELLING_WEIGHTS)[0]
    row = MissingEpisode(
        episode_id=f"E{200001 + number}",
        child_id=runaway.child_id,
        born_on=runaway.born_on,
        category=absence.category,
        looked_after=_flag(rng, "Y" if absence.looked_after else "N"),
        responsible_la=p.OTHER_AUTHORITY if runaway.hosted else own_name,
        area=_flag(rng, "IN" if absence.inside else "OUT"),
        missing_from=left,
        found_at=None if blank_found else found,
        returned_at=None if blank_returned else returned,
        rhi_required="N" if absence.not_required_reason else None if rng.random() < 0.02 else "Y",
        not_required_reason=absence.not_required_reason,
        notes=rng.choice(NOTES) if rng.random() < 0.1 else None,
        copies=2 if rng.random() < r.NOTIFIED_TWICE else 1,
    )
    return _with_interview(rng, row, absence)


def _with_interview(rng: random.Random, row: MissingEpisode, absence: Absence) -> MissingEpisode:
    interview = absence.interview
    offered: str | None = "Y" if interview.offered else "N"
    if absence.not_required_reason not in (None, "other"):
        offered = "NA"
    offered_at = absence.returned_at + timedelta(hours=rng.randint(1, 20)) if interview.offered else None
    row = replace(
        row,
        offered=None if rng.random() < r.OFFERED_BLANK else offered,
        offered_at=offered_at,
        outcome=interview.outcome,
    )
    at = interview.interview_at
    if at is None:
        return row
    if rng.random() < r.INTERVIEW_TOO_EARLY:
        at = absence.found_at - timedelta(days=rng.randint(1, 2), hours=2)
    elif rng.random() < r.MIDNIGHT:
        at = _date_only(at)
    return replace(
        row,
        interview_id=f"I{row.episode_id[1:]}",
        interview_at=at,
        independent=interview.independent,
        method=interview.method,
    )


def _with_offer(rng: random.Random, row: MissingEpisode, absence: Absence) -> MissingEpisode:
    """How an offer was keyed: late where no early interview followed, now and then without a date, or wrong."""
    if row.offered == "N" and rng.random() < r.NOT_OFFERED_AS_NA:
        return replace(row, offered="NA")
    if row.offered_at is None:
        return row
    at, offered_at = absence.interview.interview_at, plain_time(row.offered_at)
    if (at is None or at > absence.returned_at + timedelta(days=6)) and rng.random() < r.OFFERED_LATE:
        offered_at = plain_time(absence.returned_at + timedelta(hours=rng.randint(73, 130)))
    if rng.random() < r.OFFERED_TOO_EARLY:
        offered_at = plain_time(absence.missing_from - timedelta(hours=rng.randint(2, 40)))
    blank = rng.random() < r.OFFER_DATE_BLANK
    unknown = at is None and rng.random() < r.OUTCOME_BLANK
    return replace(row, offered_at=None if blank else offered_at, outcome=None if unknown else row.outcome)


def _history(
    rng: random.Random, absence: Absence, row: MissingEpisode, forgotten: bool
) -> RecordHistory[MissingEpisode]:
    """When each part of the row was keyed: in the restated month at once, but for forgotten interviews."""
    calm = row.return_at is not None and Month.of(row.return_at) == p.RESTATED_MONTH
    opened = _keyed(rng, absence.missing_from, r.EPISODE_LAGS, calm)
    closed = max(opened, _keyed(rng, absence.returned_at, (1,), calm))
    offer_known = max(closed, _keyed(rng, absence.returned_at + timedelta(hours=20), (1,), calm))
    if row.offered_at:
        offer_known = max(offer_known, row.offered_at + timedelta(minutes=30))
    changes: list[tuple[datetime, Changes]] = [
        (closed, {name: getattr(row, name) for name in AT_RETURN}),
        (offer_known, {name: getattr(row, name) for name in AT_OFFER}),
    ]
    if absence.interview.interview_at:
        known = _keyed(rng, absence.interview.interview_at, r.INTERVIEW_LAGS, calm)
        if forgotten:
            extracted = extraction_at(DATASET, p.RESTATED_MONTH), extraction_at(DATASET, p.RESTATED_MONTH + 1)
            known = moment_between(rng, *extracted)
        changes.append((max(offer_known, known), {name: getattr(row, name) for name in AT_INTERVIEW}))
    first = replace(row, **dict.fromkeys(ONCE_KEYED))  # type: ignore[arg-type]
    if not calm:
        first = _second_thoughts(rng, row, first, offer_known, changes)
    return history(first, opened, changes)


def _second_thoughts(
    rng: random.Random,
    row: MissingEpisode,
    first: MissingEpisode,
    offer_known: datetime,
    changes: list[tuple[datetime, Changes]],
) -> MissingEpisode:
    """Corrections and deletions, weeks later; the first version, perhaps with something to correct."""
    later = offer_known + timedelta(days=rng.randint(15, 90))
    if rng.random() < r.DELETED:
        changes.append((later, None))
    elif rng.random() < r.CORRECTED:
        if row.area and rng.random() < 0.5:
            changes.append((later, {"area": row.area}))
            return replace(first, area="OUT" if row.area == "IN" else "IN")
        changes.append((offer_known + timedelta(minutes=1), {"offered": "N", "outcome": "pending"}))
        changes.append((later, {"offered": row.offered, "outcome": row.outcome}))
    return first


def _keyed(rng: random.Random, happened_at: datetime, lags: Sequence[int], calm: bool) -> datetime:
    if calm:
        return happened_at + timedelta(minutes=rng.randint(10, 90))
    return entered_at(rng, DATASET, happened_at, lags)


def _interviews_forgotten(rng: random.Random, rows: Sequence[MissingEpisode]) -> set[str]:
    """The interviews of the restated month, all in time, that are keyed only after its extract was made."""
    plain = [row.episode_id for row in rows if _plainly_in_time(row)]
    return set(rng.sample(plain, min(p.RESTATED_INTERVIEWS, len(plain))))


def _set_right(rows: Sequence[MissingEpisode]) -> tuple[str, str]:
    """Two episodes of the restated month without interview: one that never was, one whose offer is keyed wrongly."""
    plain = [
        row.episode_id
        for row in rows
        if row.return_at is not None
        and Month.of(row.return_at) == p.RESTATED_MONTH
        and (row.category, row.rhi_required, row.offered, row.interview_at, row.copies) == ("M", "Y", "Y", None, 1)
        and row.responsible_la != p.OTHER_AUTHORITY
        and row.missing_from < row.return_at
    ]
    return (plain[0], plain[1]) if len(plain) > 1 else ("", "")


def _set_right_later(
    log: RecordHistory[MissingEpisode], row: MissingEpisode, deleted: str, corrected: str
) -> RecordHistory[MissingEpisode]:
    """What was wrong in the restated month's extract and is right in the next."""
    made = extraction_at(DATASET, p.RESTATED_MONTH)
    at = made + (extraction_at(DATASET, p.RESTATED_MONTH + 1) - made) / 2
    if row.episode_id == deleted:
        return RecordHistory([*log.known_at, at], [*log.versions, None])
    if row.episode_id == corrected:
        wrong = [version and replace(version, offered=version.offered and "N") for version in log.versions]
        return RecordHistory([*log.known_at, at], [*wrong, log.versions[-1]])
    return log


def _plainly_in_time(row: MissingEpisode) -> bool:
    """Whether no rule or fault stands between this row and an interview within 72 hours, of that month."""
    start, at = row.return_at, row.interview_at
    if start is None or at is None or Month.of(start) != p.RESTATED_MONTH or row.category != "M":
        return False
    timed = start.time() != time() and at.time() != time()
    ours = row.responsible_la != p.OTHER_AUTHORITY and row.rhi_required != "N"
    return timed and ours and row.missing_from < start and timedelta() < at - start <= timedelta(hours=72)


def _flag(rng: random.Random, value: str) -> str | None:
    return None if rng.random() < r.FLAG_BLANK else value


def _date_only(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())
