"""How an authority counts where the choice is its own: reasons, limits, and the groups of placements.

Stated in the plan (its tables `counting` and `placement_groups`); without an entry, what
definitions 3.10, 3.16, 4.4, 4.9, 5.8 and 5.9 say. What statute or a national return defines is not here: it
stands with the measures, in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from perfpipe.datasets.interview_codes import INTERVIEWS_SETTLE_DAYS, NOT_REQUIRED_REASON
from perfpipe.datasets.placement_codes import CHANGE_REASON, PLACEMENT, PROVIDER
from perfpipe.dates.months import Month
from perfpipe.toml_files.models import Problem, Strict

NOT_KNOWN = "not_known"  # the group of who has no usable placement code: always there, and the last


def _whole(value: object) -> object:
    if isinstance(value, bool) or not str(value).strip().isdecimal():
        raise ValueError("expected a whole number")
    return int(str(value))


def _month(value: object) -> str | None:
    return None if value is None else str(Month.parse(str(value)))


def _one_line(text: str) -> str:
    if not text or not text.isprintable():
        raise ValueError("expected one line of text")
    return text


Whole = Annotated[int, BeforeValidator(_whole)]
MonthText = Annotated[str | None, BeforeValidator(_month)]  # YYYY-MM
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_one_line)]


class Counting(Strict):
    """What the authority settles by itself, with the values that hold without an entry."""

    interview_not_required: tuple[Line, ...] = ("aged_18", "died", "not_our_child", "recorded_in_error", "not_missing")
    interviews_settle_days: Whole = Field(default=INTERVIEWS_SETTLE_DAYS, ge=3, le=180)
    missing_often_episodes: Whole = Field(default=3, ge=2, le=6)  # in 90 days
    unplanned_reasons: tuple[Line, ...] = ("ALLEG", "STAND", "APPRR", "CREQB", "CREQO", "CHILD", "LAREQ")
    caseload_ceiling: Whole = Field(default=25, ge=1, le=200)  # cases for each full-time equivalent
    caseload_known_days: Whole = Field(default=31, ge=0, le=366)  # later extracts say what is held then


AS_USUAL = Counting()


class GroupMembership(Strict):
    """Which placements belong to a group: codes, of some providers (none named: all that no other entry names).

    `from`, `to`: the first and the last month, YYYY-MM, at whose end it holds; blank: always.
    """

    codes: tuple[Line, ...] = Field(min_length=1)
    providers: tuple[Line, ...] = ()
    from_month: MonthText = Field(default=None, alias="from")
    to: MonthText = None


class PlacementGroup(Strict):
    """A group in which packs show placements."""

    id: Line = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Line
    places: tuple[GroupMembership, ...] = Field(min_length=1)


def _group(name: str, title: str, *places: GroupMembership) -> PlacementGroup:
    return PlacementGroup(id=name, title=title, places=places)


def _placed(codes: str, providers: str = "", **months: str) -> GroupMembership:
    return GroupMembership.model_validate({"codes": codes.split(), "providers": providers.split(), **months})


PLACEMENT_GROUPS = (  # definitions 4.4; independent living left the national list on 27 October 2023
    _group("foster_connected", "Foster: friends and family", _placed("U1 U2 U3")),
    _group("foster_inhouse", "Foster: own carers", _placed("U4 U5 U6", "PR1")),
    _group("foster_ifa", "Foster: independent agency", _placed("U4 U5 U6", "PR4 PR5")),
    _group("foster_other_la", "Foster: another authority's carers", _placed("U4 U5 U6", "PR2")),
    _group("foster_unknown", "Foster: provider not known", _placed("U4 U5 U6")),
    _group("childrens_home", "Children's homes", _placed("K1 K2")),
    _group("residential_other", "Other residential", _placed("R1 R2 R3 R5 S1")),
    _group(
        "supported_semi_independent", "Supported or semi-independent", _placed("H5 K3"), _placed("P2", to="2023-09")
    ),
    _group("with_parents", "With parents", _placed("P1")),
    _group("adoption", "Placed for adoption", _placed("A3 A4 A5 A6")),
    _group("other", "Other placements", _placed("P3 Z1 Z11 Z12 Z13 Z14"), _placed("P2", **{"from": "2023-10"})),
    _group("temporary", "Temporary, placement not known", _placed("T0 T1 T2 T3 T4")),
)


class CodePlace(NamedTuple):
    """Where a code is named: the number of the group, and of the entry in it."""

    group: int
    place: int


@dataclass(frozen=True)
class Span:
    """Months over which a grouping does not change, from one on (empty: from ever on).

    `entries`: by placement code and provider (empty: all others) what names it.
    """

    since: str
    entries: dict[tuple[str, str], list[CodePlace]]


def spans(groups: Sequence[PlacementGroup]) -> list[Span]:
    """The grouping in force over time, the earliest first. Months in between follow the span before them."""
    every = [
        (CodePlace(number, place), placed)
        for number, group in enumerate(groups)
        for place, placed in enumerate(group.places)
    ]
    starts = {"", *(placed.from_month for _, placed in every if placed.from_month)}
    starts |= {str(Month.parse(placed.to) + 1) for _, placed in every if placed.to}
    found = []
    for since in sorted(starts):
        entries: dict[tuple[str, str], list[CodePlace]] = {}
        for where, placed in every:
            if (placed.from_month or "") <= since and (placed.to is None or since <= placed.to):
                for code in placed.codes:
                    for provider in placed.providers or ("",):
                        entries.setdefault((code, provider), []).append(where)
        found.append(Span(since, entries))
    return found


def counting_problems(counting: Counting) -> list[Problem]:
    """Reasons that are not on their list, there twice, or none at all."""
    lists = {"interview_not_required": NOT_REQUIRED_REASON, "unplanned_reasons": CHANGE_REASON}
    problems: list[Problem] = []
    for key, known in lists.items():
        named = getattr(counting, key)
        told = _unknown(named, known.by_code) + _twice(named)
        if not named:
            told = [f"names nothing; expected some of {', '.join(known.by_code)}"]
        problems += [(["counting", key], what) for what in told]
    return problems


def grouping_problems(groups: Sequence[PlacementGroup]) -> list[Problem]:
    """Codes that are not known, in several groups at a time or in none, and groups that cannot be told apart."""
    problems = list(_unclear_entries(groups))
    if problems:
        return problems
    return [*_named_twice(groups), *_left_out(groups)]


def _unclear_entries(groups: Sequence[PlacementGroup]) -> Iterator[Problem]:
    titles: set[str] = set()
    for number, group in enumerate(groups):
        at = ["placement_groups", str(number)]
        if group.id in (NOT_KNOWN, "all"):
            yield [*at, "id"], f"{group.id!r} has a meaning of its own; expected another id"
        if group.title in titles:
            yield [*at, "title"], f"{group.title!r} is used twice"
        titles.add(group.title)
        for place, placed in enumerate(group.places):
            here = [*at, "places", str(place)]
            for key, names, known in (
                ("codes", placed.codes, PLACEMENT.by_code),
                ("providers", placed.providers, PROVIDER.by_code),
            ):
                yield from (([*here, key], what) for what in _unknown(names, known) + _twice(names))
            if placed.from_month and placed.to and placed.to < placed.from_month:
                yield [*here, "to"], f"{placed.to} is before {placed.from_month}; expected that month or a later one"


def _named_twice(groups: Sequence[PlacementGroup]) -> Iterator[Problem]:
    """Told at the later of two entries; once for a code, whatever the providers and months."""
    twice: dict[CodePlace, dict[str, str]] = {}
    for span in spans(groups):
        for (code, _), (first, *more) in span.entries.items():
            for later in more:
                twice.setdefault(later, {})[code] = groups[first.group].id
    for entry, codes in twice.items():
        words = ", ".join(f"{code} (in {other!r})" for code, other in codes.items())
        at = ["placement_groups", str(entry.group), "places", str(entry.place), "codes"]
        yield at, f"in a group already at the same time: {words}; expected each code in one group"


def _left_out(groups: Sequence[PlacementGroup]) -> Iterator[Problem]:
    held = spans(groups)
    missing = []
    for code in PLACEMENT.by_code:
        lacking = [span.since for span in held if (code, "") not in span.entries]
        if len(lacking) == len(held):
            missing.append(code)
        elif lacking:
            when = ", ".join(f"from {since}" if since else f"before {held[1].since}" for since in lacking)
            missing.append(f"{code} ({when})")
    if missing:
        expected = "expected each placement code in one group for the providers that no entry names, at any time"
        yield ["placement_groups"], f"in no group: {', '.join(missing)}; {expected}"


def _unknown(names: Sequence[str], known: Iterable[str]) -> list[str]:
    return [f"no code {name!r}; expected some of {', '.join(known)}" for name in names if name not in known]


def _twice(names: Sequence[str]) -> list[str]:
    return [f"{name!r} is listed twice" for name in sorted({name for name in names if names.count(name) > 1})]
