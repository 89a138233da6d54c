"""The true stock of children by placement group from one month end to the next, day by day from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from perfpipe_sample.records import CareEpisode
from perfpipe_sample.truth.dates import CalendarMonth, first_day, last_day, month_of
from perfpipe_sample.truth.figures import NONE_OFF, Off, Split, TrueFigure, Writer
from perfpipe_sample.truth.placements import GROUPS, by_child, group_of, is_open, lasting

WHY = {
    **dict.fromkeys(("E4A", "E4B", "E13"), "returned_home"),
    **dict.fromkeys(("E11", "E12"), "adopted"),
    **dict.fromkeys(("E41", "E43", "E44", "E45", "E46", "E47", "E48"), "special_guardianship"),
    **dict.fromkeys(("E5", "E6", "E7", "E17"), "independent"),
    **dict.fromkeys(("E2", "E3", "E8", "E9", "E14", "E15", "E16"), "other"),
}
WHYS = ("returned_home", "adopted", "special_guardianship", "independent", "other", "not_known")


@dataclass(frozen=True)
class StockStep:
    """One child who came into a group or left it."""

    group: str
    why: str = "not_known"
    weight: int = 1


BY_GROUP = Split("placement_group", GROUPS, lambda step: step.group)  # type: ignore[attr-defined]
BY_REASON = Split("why_ended", WHYS, lambda step: step.why)  # type: ignore[attr-defined]


def stock_figures(
    rows: Sequence[CareEpisode], rows_before: Sequence[CareEpisode], month: CalendarMonth, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """Every step, from the rows of the month's extract and of the one that speaks for the month before."""
    eve = first_day(month) - timedelta(days=1)
    steps: dict[str, list[StockStep]] = {
        name: [] for name in ("opening", "late", "started", "moved_in", "moved_out", "ended", "closing")
    }
    for episodes in by_child(rows_before).values():
        known = _state(episodes, eve, off)
        if known:
            steps["opening"].append(StockStep(known.group))
            steps["late"].append(StockStep(known.group, weight=-1))
    for episodes in by_child(rows).values():
        state = _state(episodes, eve, off)
        if state:
            steps["late"].append(StockStep(state.group))
        for day in _days_of_change(episodes, month):
            following = _state(episodes, day, off)
            if state is None and following:
                steps["started"].append(following)
            elif state and following is None:
                steps["ended"].append(state)
            elif state and following and state.group != following.group:
                steps["moved_out"].append(state)
                steps["moved_in"].append(following)
            state = following
        if state:
            steps["closing"].append(state)
    for name, found in steps.items():
        splits = (BY_GROUP, BY_REASON) if name == "ended" else (BY_GROUP,)
        yield from Writer(f"stock_{name}", month, "month", splits).count(found, _sum)


def _sum(steps: Sequence[StockStep]) -> float:
    return sum(step.weight for step in steps)


def _state(episodes: Sequence[CareEpisode], day: date, off: Off) -> StockStep | None:
    open_now = [row for row in episodes if is_open(row, day, off)]
    if not open_now:
        return None
    now = open_now[-1]
    return StockStep(group_of(lasting(now, episodes, off)), WHY.get(now.cease_reason or "", "not_known"))


def _days_of_change(episodes: Sequence[CareEpisode], month: CalendarMonth) -> Iterator[date]:
    """Every day of the month, for a child to whom something happens in it."""
    ends = [row.ceased_on for row in episodes if row.ceased_on]
    if any(month_of(day) == month for day in [*(row.started_on for row in episodes), *ends]):
        for number in range(last_day(month).day):
            yield first_day(month) + timedelta(days=number)
