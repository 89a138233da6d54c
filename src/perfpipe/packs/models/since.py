"""What has moved since the Board last met, as a pack shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ThenAndNow:
    """A measure with a target: what the Board was shown at its last meeting, and what it is now."""

    measure_id: str
    code: str
    title: str
    good_is: str
    then: str
    now: str
    status_then: str
    status_now: str
    changed: bool  # the status


@dataclass(frozen=True)
class SinceMeeting:
    """Since the Board last met: figures and statuses, actions and decisions; and what has to be known of it."""

    heading: str  # since the Board met on 14 June 2017 with data to April 2017
    note: str  # where nothing was released for that meeting; else empty
    then_label: str  # April 2017
    now_label: str
    figures: tuple[ThenAndNow, ...]
    actions: tuple[str, ...]
    decisions: tuple[str, ...]
