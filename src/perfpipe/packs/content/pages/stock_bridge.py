"""The bridge of a year: from the stock at one month end to that of 12 months later, in steps that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.measures.placement_stock import WHY_ENDED
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import FigureKey
from perfpipe.packs.models.drawings import Bridge, BridgeStep, Tone

MONTHS = 12
OPENING, CLOSING, STARTED, ENDED, LATE = (
    FigureOf(f"stock_{step}", Period.MONTH) for step in ("opening", "closing", "started", "ended", "late")
)
REASONS = (  # the groups of why children left, and how the bar is called
    (("returned_home",), ("Returned", "home")),
    (("independent",), ("Independent", "living")),
    (("special_guardianship",), ("Special", "guardianship")),
    (("adopted",), ("Adopted",)),
    (("other", "not_known"), ("Other", "reasons")),
)
MINUS = "\u2212"


@dataclass(frozen=True)
class YearOfStock:
    """A stock, what came and went in the months after, and the stock at their end."""

    opening: int
    started: int
    left: tuple[int, ...]  # by REASONS
    late: int
    closing: int
    first: Month
    last: Month
    keys: tuple[FigureKey, ...]

    @property
    def ended(self) -> int:
        """How many left, whatever the reason."""
        return sum(self.left)


def year_of_stock(figures: TopicFigures) -> YearOfStock | str:
    """The flows of 12 months; in words why not, where a month has no figure or the steps do not add up.

    The opening number of a month is the closing one of the month before by that month's own extract, so what differs
    is a record that came late: it is in the step for those.
    """
    months = figures.last(MONTHS)
    if not all(figures.has(each) for each in (OPENING, CLOSING, STARTED, ENDED, LATE)):
        return "its steps are not in this pack"
    cells = [(of, month) for month in months for of in _every_step()]
    missing = [month.label for of, month in cells if figures.count(of, month) is None]
    if missing:
        return f"there is no figure for {missing[0]}"
    year = YearOfStock(
        opening=figures.count(OPENING, months[0]) or 0,
        started=_sum(figures, [STARTED], months),
        left=tuple(_sum(figures, [_of_reason(group) for group in groups], months) for groups, _ in REASONS),
        late=_sum(figures, [LATE], months),
        closing=figures.count(CLOSING, months[-1]) or 0,
        first=months[0],
        last=months[-1],
        keys=tuple(figures.row(of, month).key for of, month in cells),
    )
    adds_up = year.opening + year.started - year.ended + year.late == year.closing
    same = year.ended == _sum(figures, [ENDED], months)
    return year if adds_up and same else "its steps do not add up to the stock, which is to be looked into"


def _every_step() -> list[FigureOf]:
    reasons = [_of_reason(group) for groups, _ in REASONS for group in groups]
    return [OPENING, STARTED, LATE, CLOSING, ENDED, *reasons]


def _of_reason(group: str) -> FigureOf:
    return ENDED.within(WHY_ENDED.id, group)


def _sum(figures: TopicFigures, of: Sequence[FigureOf], months: Sequence[Month]) -> int:
    return sum(figures.count(each, month) or 0 for each in of for month in months)


def bridge_of(year: YearOfStock) -> Bridge:
    """Bars from zero for both stocks, and each step from where the one before ended."""
    at, steps = year.opening, [_stock(year.opening, year.first - 1)]
    flows: list[tuple[int, tuple[str, ...], Tone]] = [(year.started, ("Started",), Tone.SECOND)]
    flows += [(-many, label, Tone.THIRD) for many, (_, label) in zip(year.left, REASONS, strict=True)]
    flows.append((year.late, ("Late and", "corrected"), Tone.THIRD))
    for change, label, tone in flows:
        steps.append(BridgeStep(label, float(min(at, at + change)), float(max(at, at + change)), signed(change), tone))
        at += change
    steps.append(_stock(year.closing, year.last))
    return Bridge(tuple(steps), (2, 1 + len(REASONS), f"Left care: {year.ended:,}"))


def _stock(number: int, month: Month) -> BridgeStep:
    day = month.last_day
    label = (f"{day.day} {month.label.split()[0]}", str(month.year))
    return BridgeStep(label, 0.0, float(number), f"{number:,}", Tone.FOCUS)


def signed(change: int) -> str:
    """`+256`, `−63`, `0`."""
    return "0" if not change else f"{'+' if change > 0 else MINUS}{abs(change):,}"
