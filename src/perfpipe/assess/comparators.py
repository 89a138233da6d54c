"""Which published values stand beside a figure: those of the right year, and only once they were released.

Definitions 8.1 and 8.2 (quartiles and neighbours' means as in the national tool).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import quantiles

from perfpipe.assess.comparator_file import Comparators, PublishedYear, load_comparators
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.settings.comparators import Match, Neighbours

QUARTERS = ("A", "B", "C", "D")  # A is best
OF_PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class PublishedValue:
    """Somebody's published value, in the measure's own unit (proportions 0 to 1), with the decimals it is shown with.

    `value` is None where the file has nothing for that year.
    """

    who: str
    value: Decimal | None
    decimals: int


@dataclass(frozen=True)
class Comparison:
    """What was published about one measure for one year; without a `year`, `notes` says why there is nothing."""

    year: int | None
    when: str  # 2016 (12 months to September 2016)
    title: str  # as the file names the measure
    key: str
    released: date | None
    values: tuple[PublishedValue, ...]
    quartile: str  # A (best) to D among the statistical neighbours; empty: none
    notes: tuple[str, ...]


def comparison_of(
    comparators: Comparators, measure: Measure, period: Period, month: Month, known_on: date, authority: str
) -> Comparison | None:
    """The published values beside a measure's figure for a month, as they could be known on a day.

    The newest year that had ended by the end of `month` and was released by `known_on`. None where no key of the
    file was declared to match the measure over that period.
    """
    match = comparators.match_of(measure.id, period)
    if match is None:
        return None
    ended = [year for year in comparators.years[match.key] if year.ended <= month]
    shown = [(year, _values(comparators, match, year, authority)) for year in ended if _was_released(year, known_on)]
    shown = [(year, values) for year, values in shown if any(each.value is not None for each in values)]
    newest = shown[-1] if shown else None
    undated = [str(y.year) for y in ended if y.released is None and (newest is None or y.year > newest[0].year)]
    notes = [f"Not shown, as the settings state no day of release: {', '.join(undated)}."] if undated else []
    if newest is None:
        nothing = f"Nothing that was published by {_day(known_on)} can stand beside this measure."
        return Comparison(None, "", "", match.key, None, (), "", (nothing, *notes))
    year, values = newest
    quartile, why = _quartile(comparators, year, measure) if "neighbours" in match.show else ("", "")
    notes = [x for x in (why, match.note) if x] + notes
    when = f"{year.year} ({_time(period, year.ended)})"
    return Comparison(year.year, when, year.title, match.key, year.released, values, quartile, tuple(notes))


def _was_released(year: PublishedYear, known_on: date) -> bool:
    return year.released is not None and year.released <= known_on


def _time(period: Period, ended: Month) -> str:
    return f"at the end of {ended.label}" if period is Period.MONTH_END else f"12 months to {ended.label}"


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"


def _values(comparators: Comparators, match: Match, year: PublishedYear, authority: str) -> tuple[PublishedValue, ...]:
    """Areas, neighbours and our own value, in the order that the match shows them."""
    columns = comparators.settings.columns
    values: list[PublishedValue] = []
    for part in match.show:
        if part == "areas":
            values += [_compared(name, year.values[column], match) for column, name in columns.areas.items()]
        elif part == "own" and columns.own:
            values.append(_compared(f"{authority}, as published", year.values[columns.own], match))
        elif part == "neighbours" and (neighbours := _neighbours_of(comparators, year)):
            who, mean = _mean(neighbours, year)
            values.append(_compared(who, mean, match))
    return tuple(values)


def _compared(who: str, published: Decimal | None, match: Match) -> PublishedValue:
    if published is None:
        return PublishedValue(who, None, 0)
    decimals = max(-int(published.as_tuple().exponent), 0)
    if match.given_in == "percent":
        return PublishedValue(who, published * OF_PERCENT, decimals)
    return PublishedValue(who, published, max(decimals - 2, 0) if match.given_in == "proportion" else decimals)


def _neighbours_of(comparators: Comparators, year: PublishedYear) -> Neighbours | None:
    """The set of neighbours in force when the year ended."""
    in_force = [each for each in comparators.settings.neighbours if each.from_month <= str(year.ended)]
    return in_force[-1] if in_force else None


def _mean(neighbours: Neighbours, year: PublishedYear) -> tuple[str, Decimal | None]:
    """Whose mean, and the mean: as published, else unweighted, to one decimal more (definitions 8.2)."""
    known = _members(neighbours, year)
    if neighbours.mean:
        mean = year.values[neighbours.mean]
        count = year.values[neighbours.count] if neighbours.count else None
        number = str(count) if count is not None else str(len(known)) if known else ""
    else:
        exponent = min((int(value.as_tuple().exponent) for value in known), default=0) - 1
        mean = (
            (sum(known) / Decimal(len(known))).quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) if known else None
        )
        number = str(len(known))
    return f"{neighbours.name}, mean of {number}" if number else f"{neighbours.name}, mean", mean


def _members(neighbours: Neighbours, year: PublishedYear) -> list[Decimal]:
    return [value for name in neighbours.members if (value := year.values[name]) is not None]


def _quartile(comparators: Comparators, year: PublishedYear, measure: Measure) -> tuple[str, str]:
    """Our published value's quarter among the neighbours, and what to say about it: why there is none, or of whom."""
    settings, neighbours = comparators.settings, _neighbours_of(comparators, year)
    if neighbours is None:
        return "", ""
    if measure.shown.polarity not in (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER):
        return "", "No quartile: neither high nor low is better."
    if not neighbours.members:
        return "", "No quartile: the file has only the neighbours' mean, not each one's value."
    members = _members(neighbours, year)
    if len(members) < settings.quartile_from:
        return "", f"No quartile: {len(members)} of the neighbours have a value; {settings.quartile_from} are needed."
    own = year.values[settings.columns.own] if settings.columns.own else None
    if own is None:
        return "", "No quartile: the file has no value of our own for the year."
    quarter = quartile_of(own, members, measure.shown.polarity)
    return (
        quarter,
        f"Quartile {quarter} among {len(members)} neighbours by our own published value; A is best, D worst.",
    )


def quartile_of(own: Decimal, others: Sequence[Decimal], polarity: Polarity) -> str:
    """A (best) to D: where a value lies among others, on a boundary in the better quarter.

    Boundaries are interpolated between the sorted values as in the national tool (the usual method of R and Excel's
    QUARTILE.INC), in exact arithmetic.
    """
    sign = -1 if polarity is Polarity.HIGHER_IS_BETTER else 1
    cuts = quantiles([sign * Fraction(value) for value in others], n=4, method="inclusive")
    return QUARTERS[sum(sign * Fraction(own) > cut for cut in cuts)]


__all__ = ["Comparators", "Comparison", "PublishedValue", "comparison_of", "load_comparators", "quartile_of"]
