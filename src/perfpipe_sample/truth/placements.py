"""The true figures on children looked after at a month's end, from what was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from perfpipe_sample import parameters as p
from perfpipe_sample.records import CareEpisode
from perfpipe_sample.truth.dates import CalendarMonth, last_day, written
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, Split, TrueFigure, Writer, by_value

SHORT_BREAKS = ("V3", "V4")
CONNECTED = ("U1", "U2", "U3")
FOSTER_CARE = (*CONNECTED, "U4", "U5", "U6")
CHILDRENS_HOMES = ("K1", "K2")
SUPPORTED_ACCOMMODATION = ("H5", "P2", "K3")
GROUP_OF_PLACE = {
    **dict.fromkeys(CONNECTED, "foster_connected"),
    **dict.fromkeys(CHILDRENS_HOMES, "childrens_home"),
    **dict.fromkeys(("R1", "R2", "R3", "R5", "S1"), "residential_other"),
    **dict.fromkeys(SUPPORTED_ACCOMMODATION, "supported_semi_independent"),
    **dict.fromkeys(("A3", "A4", "A5", "A6"), "adoption"),
    **dict.fromkeys(("T0", "T1", "T2", "T3", "T4"), "temporary"),
    **dict.fromkeys(("P3", "Z1"), "other"),
    "P1": "with_parents",
}
GROUP_OF_FOSTERING = {
    "PR1": "foster_inhouse",
    "PR2": "foster_other_la",
    "PR4": "foster_ifa",
    "PR5": "foster_ifa",
}
GROUPS = (
    "foster_connected",
    "foster_inhouse",
    "foster_ifa",
    "foster_other_la",
    "foster_unknown",
    "childrens_home",
    "residential_other",
    "supported_semi_independent",
    "with_parents",
    "adoption",
    "other",
    "temporary",
    "not_known",
)
USABLE_POSTCODE = re.compile(r"Z[YZ]\d \d[A-Z]{2}")  # all others in the sample are no postcodes


@dataclass(frozen=True)
class LookedAfter:
    """One child at a day's end, in the placement that counts."""

    child_id: str
    place: str | None
    provider: str | None
    location: str | None
    miles: float | None
    postcode: str | None
    unaccompanied: str | None

    @property
    def run_by(self) -> str | None:
        """Whose the placement is."""
        return None if self.provider is None else "own" if self.provider == "PR1" else "external"


def group_of(child: object) -> str:
    """The placement group of a child or an episode."""
    place, provider = attrgetter("place", "provider")(child)
    if place in ("U4", "U5", "U6"):
        return GROUP_OF_FOSTERING.get(provider, "foster_unknown")
    return GROUP_OF_PLACE.get(place, "not_known")


AREA = by_value("area", {"IN": "in", "OUT": "out"}, attrgetter("location"))
ALONE = by_value("is_unaccompanied", {"Y": "yes", "N": "no"}, attrgetter("unaccompanied"))
RUN_BY = by_value("run_by", {"own": "own", "external": "external"}, attrgetter("run_by"))
PLACEMENT_GROUP = Split("placement_group", GROUPS, group_of)


def placement_figures(rows: Sequence[CareEpisode], month: CalendarMonth, off: Off = NONE_OFF) -> Iterator[TrueFigure]:
    """All of a month's figures of its end, from the rows of its extract."""
    children = looked_after(rows, last_day(month), off)

    def writer(measure_id: str, *splits: Split) -> Writer:
        return Writer(measure_id, month, "month_end", splits)

    def lives_in(places: Sequence[str]) -> Callable[[LookedAfter], bool]:
        return lambda child: child.place in places

    def in_groups(*groups: str) -> Callable[[LookedAfter], bool]:
        return lambda child: group_of(child) in groups

    def those(wanted: Callable[[LookedAfter], bool]) -> list[LookedAfter]:
        return [child for child in children if wanted(child)]

    yield from writer("children_looked_after", AREA, ALONE).count(children)
    population = [number for first, number in p.POPULATION.items() if first <= written(month)][-1]
    yield from writer("children_looked_after_rate").ratio(len(children), population)
    yield from writer("unaccompanied_children").count(those(lambda child: child.unaccompanied == "Y"))
    yield from writer("children_by_placement_group", PLACEMENT_GROUP).count(children)
    yield from writer("in_foster_care", AREA).share(children, lives_in(FOSTER_CARE))
    unrelated = those(lives_in(("U4", "U5", "U6")))
    yield from writer("with_own_carers").share(unrelated, lambda child: child.provider == "PR1")
    own = in_groups("foster_connected", "foster_inhouse")
    yield from writer("with_own_or_connected_carers").share(those(lives_in(FOSTER_CARE)), own)
    yield from writer("with_connected_carers").share(children, lives_in(CONNECTED))
    yield from writer("in_childrens_homes", AREA).share(children, lives_in(CHILDRENS_HOMES))
    yield from writer("children_in_childrens_homes", RUN_BY).count(those(lives_in(CHILDRENS_HOMES)))
    yield from writer("in_supported_accommodation").share(children, lives_in(SUPPORTED_ACCOMMODATION))
    yield from writer("children_in_supported_accommodation").count(those(lives_in(SUPPORTED_ACCOMMODATION)))
    yield from writer("far_from_home").share(children, lambda child: _is_far(child, off))
    yield from writer("outside_boundary").share(children, lambda child: child.location == "OUT")
    unnamed = those(lambda child: child.provider is None and not str(child.place).startswith(("T", "Z")))
    yield from writer("provider_not_known").count(unnamed)
    unplaced = those(lambda child: not USABLE_POSTCODE.fullmatch(child.postcode or ""))
    yield from writer("postcode_not_known").count(unplaced)


def looked_after(rows: Sequence[CareEpisode], day: date, off: Off = NONE_OFF) -> list[LookedAfter]:
    """The children looked after at the end of a day: each once, in the placement that started last."""
    children = []
    for episodes in by_child(rows).values():
        open_now = [row for row in episodes if is_open(row, day, off)]
        counted = open_now if CountingRule.ONE_PLACEMENT_PER_CHILD in off else open_now[-1:]
        for row in counted:
            it = lasting(row, episodes, off)
            children.append(
                LookedAfter(
                    row.child_id, it.place, it.provider, it.location, it.distance_miles, it.postcode, row.unaccompanied
                )
            )
    return children


def by_child(rows: Sequence[CareEpisode]) -> dict[str, list[CareEpisode]]:
    """Each child's episodes in the order in which they started."""
    episodes: dict[str, list[CareEpisode]] = {}
    for row in sorted(rows, key=lambda row: row.started_on):
        episodes.setdefault(row.child_id, []).append(row)
    return episodes


def is_open(row: CareEpisode, day: date, off: Off) -> bool:
    """Whether an episode that counts is open at the end of a day."""
    if row.legal_status in SHORT_BREAKS and CountingRule.SHORT_BREAKS_DO_NOT_COUNT not in off:
        return False
    return row.started_on <= day and (row.ceased_on is None or row.ceased_on > day)


def lasting(row: CareEpisode, episodes: Sequence[CareEpisode], off: Off) -> CareEpisode:
    """The placement itself, or the one that a temporary placement interrupts: with no day out of care between."""
    if not row.place.startswith("T") or CountingRule.TEMPORARY_TAKES_THE_ONE_BEFORE in off:
        return row
    since = row.started_on
    for other in reversed([other for other in episodes if other.started_on < row.started_on]):
        if other.ceased_on is not None and other.ceased_on < since:
            break
        if not other.place.startswith("T"):
            return other
        since = other.started_on
    return row


def _is_far(child: LookedAfter, off: Off) -> bool:
    if child.miles is None or (child.miles == p.UNKNOWN_MILES and CountingRule.UNKNOWN_IS_NOT_FAR not in off):
        return False
    far = child.miles >= 20 if CountingRule.FAR_IS_OVER_TWENTY in off else child.miles > 20
    return far and (child.location == "OUT" or CountingRule.FAR_IS_OUTSIDE_TOO in off)
