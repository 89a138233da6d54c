"""The stock of children by placement group from one month end to the next, in steps that add up (definitions 1.8)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.placement_order import day_numbers, in_order, last_places, numbers_of
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.frames.libraries import np
from perfpipe.measures.counts import count
from perfpipe.measures.definition import Basis, Breakdown, Display, Measure, Period, Polarity, Steps, Table
from perfpipe.measures.local_choices import PLACEMENT_GROUPS, PlacementGroup
from perfpipe.measures.placement_groups import CLA, OWNER, PLACEMENT_GROUP, group_numbers, grouped_by, in_care

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.int64]

NOBODY = -1  # the group of a child who is not looked after
WHY_ENDED = Breakdown(
    "why_ended",
    "Why children ceased to be looked after",
    {
        "returned_home": "Returned home, or to relatives",
        "adopted": "Adopted",
        "special_guardianship": "Special guardianship or child arrangements order",
        "independent": "Independent living or adult services",
        "other": "Other reasons",
        "not_known": "Not known",
    },
)
_WHY = (
    dict.fromkeys(("E4A", "E4B", "E13"), "returned_home")
    | dict.fromkeys(("E11", "E12"), "adopted")
    | dict.fromkeys(("E41", "E43", "E44", "E45", "E46", "E47", "E48"), "special_guardianship")
    | dict.fromkeys(("E5", "E6", "E7", "E17"), "independent")
    | dict.fromkeys(("E2", "E3", "E8", "E9", "E14", "E15", "E16"), "other")
)
_NAMED = ["month", "child_id", "reading_id", "source_row", "defects"]
_READ = [
    *_NAMED, "month_end", "as_known", "started_on", "ceased_on", "legal_status_code", "placement_code",
    "provider_code", "settled_placement_code", "settled_provider_code", "cease_reason_code",
]  # fmt: skip


def steps(rows: pd.DataFrame, groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS) -> pd.DataFrame:
    """A row per child and step: `step`, `day` (0 of a stock), `placement_group`, `why_ended`, `weight` (1 or -1).

    Takes the episodes that touch each month, and those open at the end of the month before as the extract that spoke
    for it has them. A child's group at a day's end is that of the snapshot (definitions 4.5), so whatever the episodes,
    each step is a difference between two days, and the steps add up.
    """
    episodes = rows[_READ][in_care(rows)]
    child = np.unique(numbers_of(episodes, ["month", "child_id"]), return_inverse=True)[1]
    group = _groups(episodes, groups)
    now = (episodes["as_known"] == "now").to_numpy()
    whose, episode, is_last, day = _states(episodes, child, now)
    state = np.where(episode >= 0, group[episode], NOBODY) if len(group) else episode
    then = last_places(child, in_order(episodes, child, np.flatnonzero(~now)))

    follows = whose[1:] == whose[:-1]
    was, becomes, left, came = state[:-1], state[1:], episode[:-1], episode[1:]
    moved = follows & (was != NOBODY) & (becomes != NOBODY) & (was != becomes)
    is_first = np.append(True, ~follows) if len(whose) else follows
    opened = _by_child(child, whose[is_first], state[is_first])
    differs = opened != _by_child(child, child[then], group[then])
    now_first = episode[is_first & (state != NOBODY)]
    begins, leaves = follows & (was == NOBODY) & (becomes != NOBODY), follows & (was != NOBODY) & (becomes == NOBODY)
    late, was_late = now_first[differs[child[now_first]]], then[differs[child[then]]]
    still = is_last & (state != NOBODY)
    parts = (
        ("opening", then, 1, _no_day(then)),
        ("started", came[begins], 1, day[1:][begins]),
        ("moved_in", came[moved], 1, day[1:][moved]),
        ("moved_out", left[moved], 1, day[1:][moved]),
        ("ended", left[leaves], 1, day[1:][leaves]),
        ("late", late, 1, _no_day(late)),
        ("late", was_late, -1, _no_day(was_late)),
        ("closing", episode[still], 1, _no_day(episode[still])),
    )
    return _framed(episodes, group, groups, parts)


def _framed(
    episodes: pd.DataFrame,
    group: Numbers,
    groups: tuple[PlacementGroup, ...],
    parts: tuple[tuple[str, Numbers, int, Numbers], ...],
) -> pd.DataFrame:
    """The steps as rows; of each part the step, the rows of its episodes, its weight and their days."""
    at, many = np.concatenate([part[1] for part in parts]), [len(part[1]) for part in parts]
    return episodes[_NAMED].iloc[at].reset_index(drop=True).assign(
        step=np.repeat([step for step, _, _, _ in parts], many),
        day=np.concatenate([on for _, _, _, on in parts]),
        weight=np.repeat([weight for _, _, weight, _ in parts], many),
        placement_group=np.array([*grouped_by(groups).groups])[group[at]],
        why_ended=episodes["cease_reason_code"].map(_WHY).astype("str").array.take(at),
    )  # fmt: skip


def _by_child(child: Numbers, whose: Numbers, groups: Numbers) -> Numbers:
    """For the number of each child the group of some of them; NOBODY for the others."""
    found: Numbers = np.full(child.max(initial=-1) + 1, NOBODY)
    found[whose] = groups
    return found


def _groups(episodes: pd.DataFrame, groups: tuple[PlacementGroup, ...]) -> Numbers:
    """The number of each episode's group, as the month at whose end it is asked has it."""
    eve = episodes["month_end"].dt.to_period("M") - 1
    month = episodes["month"].where(episodes["as_known"] == "now", eve.astype("str"))
    return group_numbers(episodes["settled_placement_code"], episodes["settled_provider_code"], month, groups)


def _no_day(rows: Numbers) -> Numbers:
    return np.zeros(len(rows), dtype=np.int64)


def _states(
    episodes: pd.DataFrame, child: Numbers, now: npt.NDArray[np.bool_]
) -> tuple[Numbers, Numbers, Any, Numbers]:
    """For every child of a month and each day on which something changes, the episode that the child is in.

    Four arrays, by child and day: the child's number, the place of the episode (NOBODY for none), whether it is
    the child's last of the month, and the day. The first is always the day before the month.
    """
    start, end = day_numbers(episodes["started_on"]), day_numbers(episodes["ceased_on"])
    month_end = day_numbers(episodes["month_end"])
    eve = episodes["month_end"].to_numpy(dtype="datetime64[M]").astype("datetime64[D]").astype("int64") - 1
    days = [(child[now], eve[now])]
    for day in (start, end):
        within = now & (day > eve) & (day <= month_end)
        days.append((child[within], day[within]))
    whose, day = np.unique(np.concatenate([np.stack(pair, axis=1) for pair in days]), axis=0).T
    places = in_order(episodes, child, np.flatnonzero(now))
    first, beyond = (np.searchsorted(child[places], whose, side) for side in ("left", "right"))
    many = beyond - first
    state = np.repeat(np.arange(len(whose)), many)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    is_open = (start[places[place]] <= day[state]) & (end[places[place]] > day[state])
    latest = np.full(len(whose), NOBODY)
    np.maximum.at(latest, state[is_open], place[is_open])
    episode = np.where(latest >= 0, places[latest], NOBODY) if len(places) else latest
    return whose, episode, np.append(whose[1:] != whose[:-1], True)[: len(whose)], day


BRIDGE = Table(
    "placement_bridge",
    "From one month end to the next",
    "Opening, as the month before was known from its own extract, with what was late or corrected, and what happened "
    "in the month. Children who start and cease within the month are in both.",
    adds_up=(
        (
            "stock_closing",
            ("stock_opening", "stock_late", "stock_started", "stock_moved_in", "-stock_moved_out", "-stock_ended"),
        ),
    ),
    steps=Steps(
        ("children_looked_after", "children_by_placement_group"),
        "stock_started",
        "stock_ended",
        "stock_moved_in",
        "stock_moved_out",
    ),
)


BRIDGED = Basis(PLACEMENTS, rows=steps, bridge=True, chance_unit="day")  # siblings come and go on one day
BY_GROUP = Display(Polarity.NEITHER, (PLACEMENT_GROUP,), table=BRIDGE)


def _step(
    step: str, code: str, title: str, definition: str, shown: Display = BY_GROUP, weight: str | None = None
) -> Measure:
    return Measure(
        id=f"stock_{step}",
        code=code,
        title=title,
        basis=BRIDGED,
        periods=(Period.MONTH,),
        counts=count(lambda rows: rows["step"] == step, weight=weight),
        shown=shown,
        left_out_by=(),
        owner=OWNER,
        why_it_matters="A stock is understood by its flows: who came, who moved, who left.",
        definition=definition,
        source=f"Local definition; {CLA}",
    )


MEASURES = (
    _step(
        "opening",
        "PL-01s1",
        "Looked after at the end of the month before",
        "Children looked after at the end of the month before, from that month's own extract.",
    ),
    _step(
        "late",
        "PL-01s2",
        "Late and corrected records",
        "The same from this month's extract, less the opening number: records that came late, were corrected "
        "or removed, or are in another group now.",
        weight="weight",
    ),
    _step(
        "started",
        "PL-01s3",
        "Started to be looked after",
        "Children who were not looked after at the end of one day and were at the end of the next, each time.",
    ),
    _step(
        "moved_in",
        "PL-01s4",
        "Moved into the group",
        "Moves of looked-after children from another placement group, each time.",
    ),
    _step(
        "moved_out",
        "PL-01s5",
        "Moved out of the group",
        "Moves of looked-after children to another placement group, each time.",
    ),
    _step(
        "ended",
        "PL-01s6",
        "Ceased to be looked after",
        "Children who were looked after at the end of one day and were not at the end of the next, each time.",
        shown=replace(BY_GROUP, breakdowns=(PLACEMENT_GROUP, WHY_ENDED)),
    ),
    _step(
        "closing",
        "PL-01s7",
        "Looked after at the end of the month",
        "Children looked after at the end of the month (PL-01), by placement group as in PL-01g.",
        shown=replace(BY_GROUP, same_total_as="children_looked_after"),
    ),
)
