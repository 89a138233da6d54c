"""The true figures on children looked after at a month's end, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from perfpipe.months import Month
from perfpipe.sample.figures import NONE_OFF, Figure, Off, Rule, Split, Writer, by_value
from perfpipe.sample.records import CareEpisode

SHORT_BREAKS = ("V3", "V4")
FOSTER_CARE = ("U1", "U2", "U3", "U4", "U5", "U6")
CHILDRENS_HOMES = ("K1", "K2")
SUPPORTED_ACCOMMODATION = ("H5", "P2", "K3")
GROUP_OF_PLACE = {
    **dict.fromkeys(("U1", "U2", "U3"), "foster_connected"),
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


@dataclass(frozen=True)
class LookedAfter:
    """One child at the month's end, in the placement that counts."""

    place: str | None
    provider: str | None
    location: str | None


def _group(child: object) -> str:
    place, provider = attrgetter("place", "provider")(child)
    if place in ("U4", "U5", "U6"):
        return GROUP_OF_FOSTERING.get(provider, "foster_unknown")
    return GROUP_OF_PLACE.get(place, "not_known")


AREA = by_value("area", {"IN": "in", "OUT": "out"}, attrgetter("location"))
PLACEMENT_GROUP = Split("placement_group", GROUPS, _group)


def placement_figures(rows: Sequence[CareEpisode], month: Month, off: Off = NONE_OFF) -> Iterator[Figure]:
    """All of a month's figures from the rows of its extract."""
    children = looked_after(rows, month.last_day, off)

    def writer(measure_id: str, *splits: Split) -> Writer:
        return Writer(measure_id, month, "month_end", splits)

    def lives_in(places: Sequence[str]) -> Callable[[LookedAfter], bool]:
        return lambda child: child.place in places

    yield from writer("children_looked_after", AREA).count(children)
    yield from writer("children_by_placement_group", PLACEMENT_GROUP).count(children)
    yield from writer("in_foster_care", AREA).share(children, lives_in(FOSTER_CARE))
    yield from writer("in_childrens_homes", AREA).share(children, lives_in(CHILDRENS_HOMES))
    yield from writer("in_supported_accommodation").share(children, lives_in(SUPPORTED_ACCOMMODATION))


def looked_after(rows: Sequence[CareEpisode], day: date, off: Off = NONE_OFF) -> list[LookedAfter]:
    """The children looked after at the end of a day: each once, in the placement that started last."""
    by_child: dict[str, list[CareEpisode]] = {}
    for row in sorted(rows, key=lambda row: row.started_on):
        by_child.setdefault(row.child_id, []).append(row)
    children = []
    for episodes in by_child.values():
        open_now = [row for row in episodes if _open(row, day, off)]
        counted = open_now if Rule.ONE_PLACEMENT_PER_CHILD in off else open_now[-1:]
        for row in counted:
            lasting = _lasting(row, episodes, off)
            children.append(LookedAfter(lasting.place, lasting.provider, lasting.location))
    return children


def _open(row: CareEpisode, day: date, off: Off) -> bool:
    if row.legal_status in SHORT_BREAKS and Rule.SHORT_BREAKS_DO_NOT_COUNT not in off:
        return False
    return row.started_on <= day and (row.ceased_on is None or row.ceased_on > day)


def _lasting(row: CareEpisode, episodes: Sequence[CareEpisode], off: Off) -> CareEpisode:
    """The placement itself, or the one that a temporary placement interrupts."""
    if not row.place.startswith("T") or Rule.TEMPORARY_TAKES_THE_ONE_BEFORE in off:
        return row
    before = [other for other in episodes if other.started_on < row.started_on and not other.place.startswith("T")]
    return before[-1] if before else row
