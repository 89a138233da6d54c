"""How care and social workers' posts are keyed: late, corrected, incomplete, sometimes in error."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.child import UNACCOMPANIED, Child, Stay
from perfpipe_sample.homes import find_home, postcode
from perfpipe_sample.knowledge import Changes, RecordHistory, entered_at, history
from perfpipe_sample.records import CareEpisode, PostHeld

OFFICE_CLOSES = time(17, 0)
BAD_POSTCODES = ("ZZ", "NOT KNOWN", "ZZ99", "zz-1")
NOTES = (  # free text that no report may ever show
    "Made-up note: spoke with the family about the weekend.",
    "Made-up note: awaiting update from school.",
    "Made-up note: plan reviewed, no change.",
)


def record_care(rng: random.Random, children: Sequence[Child]) -> list[RecordHistory[CareEpisode]]:
    """The histories of every episode of care, and of a few children entered in error and removed."""
    histories = []
    for child in children:
        histories += _record_child(rng, child)
    for number in range(round(len(histories) * r.DELETED)):
        histories.append(_entered_in_error(rng, number, rng.choice(children)))
    return histories


def _record_child(rng: random.Random, child: Child) -> list[RecordHistory[CareEpisode]]:
    opened_at, closed_at = _keying_times(rng, child.stays)
    histories = []
    for stay, opened, closed in zip(child.stays, opened_at, closed_at, strict=True):
        row = _open_row(rng, child, stay)
        changes: list[tuple[datetime, Changes]] = []
        if closed is not None:
            reason = None if rng.random() < r.CHANGE_REASON_BLANK else stay.change_reason
            end = {"ceased_on": stay.ceased_on, "cease_reason": stay.cease_reason, "change_reason": reason}
            changes.append((closed, end))
        if row.location and rng.random() < r.CORRECTED:
            changes.append((opened + timedelta(days=rng.randint(15, 90)), {"location": row.location}))
            row = replace(row, location="OUT" if row.location == "IN" else "IN")
        histories.append(history(row, opened, changes))
    return histories


def _keying_times(rng: random.Random, stays: Sequence[Stay]) -> tuple[list[datetime], list[datetime | None]]:
    """When each stay was opened and closed in the system: a move closes one stay and opens the next at once.

    Now and then the one before is left open for months: the child then has two open episodes.
    """
    opened: list[datetime] = []
    for stay in stays:
        keyed = entered_at(rng, "placements", datetime.combine(stay.started_on, OFFICE_CLOSES), r.PLACEMENT_LAGS)
        opened.append(max(keyed, opened[-1] if opened else keyed))
    closed: list[datetime | None] = []
    for position, stay in enumerate(stays):
        if stay.ceased_on is None:
            closed.append(None)
        elif position + 1 < len(stays) and stays[position + 1].started_on == stay.ceased_on:
            closed.append(opened[position + 1])
        else:
            ended = datetime.combine(stay.ceased_on, OFFICE_CLOSES)
            closed.append(max(opened[position], entered_at(rng, "placements", ended, r.PLACEMENT_LAGS)))
    for position in range(len(stays) - 1):
        if stays[position].change_reason and rng.random() < r.OVERLAPPING:
            forgotten = opened[position + 1] + timedelta(days=rng.randint(60, 240))
            closed[position] = min([forgotten, *[moment for moment in closed[-1:] if moment]])
    return opened, closed


def _open_row(rng: random.Random, child: Child, stay: Stay) -> CareEpisode:
    """A stay as keyed while it lasts."""
    home = find_home(rng, stay.home.setting) if stay.temporary else stay.home
    provider = None if stay.temporary or rng.random() < r.PROVIDER_BLANK else home.provider
    bad = rng.random() < r.POSTCODE_BAD
    alone = child.need == UNACCOMPANIED
    miles = None if bad or alone else home.distance_miles
    if miles is not None and rng.random() < p.HOME_UNKNOWN:
        miles = p.UNKNOWN_MILES
    return CareEpisode(
        child.child_id,
        child.born_on,
        child.need,
        stay.started_on,
        stay.new_episode_reason,
        stay.legal_status,
        stay.temporary or home.place,
        provider,
        child.home_postcode,
        rng.choice(BAD_POSTCODES) if bad else home.postcode,
        home.urn,
        miles,
        None if bad else home.location,
        unaccompanied=None if rng.random() < r.FLAG_BLANK else "Y" if alone else "N",
        notes=rng.choice(NOTES) if rng.random() < 0.1 else None,
    )


def _entered_in_error(rng: random.Random, number: int, like: Child) -> RecordHistory[CareEpisode]:
    """A child who never came into care, keyed and some weeks later removed."""
    started_on = like.stays[0].started_on
    child = Child(f"C{500001 + number}", like.born_on, like.need, postcode(rng, inside=True), 0, 0)
    row = _open_row(rng, child, replace(like.stays[0], ceased_on=None))
    keyed = datetime.combine(started_on, OFFICE_CLOSES) + timedelta(days=1)
    return history(row, keyed, [(keyed + timedelta(days=rng.randint(20, 80)), None)])


def record_posts(rng: random.Random, posts: Sequence[PostHeld]) -> list[RecordHistory[PostHeld]]:
    """The histories of every spell: a tenth of those who leave are keyed a month late."""
    unknown = {worker_id for worker_id in sorted({post.worker_id for post in posts}) if rng.random() < r.FLAG_BLANK}
    return [_record_post(rng, post, post.worker_id not in unknown) for post in posts]


def _record_post(rng: random.Random, post: PostHeld, qualification_known: bool) -> RecordHistory[PostHeld]:
    opened = entered_at(rng, "social_workers", _morning(post.started_on), r.APPOINTMENT_LAGS)
    flag = post.newly_qualified if qualification_known else None
    notes = rng.choice(NOTES) if rng.random() < 0.1 else None
    row = replace(post, left_on=None, leaving_reason=None, destination=None, newly_qualified=flag, notes=notes)
    changes: list[tuple[datetime, Changes]] = []
    if post.left_on:
        left = {
            "left_on": post.left_on,
            "leaving_reason": post.leaving_reason,
            "destination": post.destination,
        }
        changes.append((entered_at(rng, "social_workers", _morning(post.left_on), r.LEAVER_LAGS), left))
    if rng.random() < r.FTE_BLANK:
        row = replace(row, fte=None)
    elif rng.random() < r.CORRECTED:
        changes.append((opened + timedelta(days=rng.randint(15, 90)), {"fte": row.fte}))
        row = replace(row, fte=1.0 if row.fte != 1.0 else 0.8)
    return history(row, opened, changes)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 0))
