"""The measure catalogue: `docs/measures.md`, generated from the definitions and from nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence

from perfpipe.measures.definition import Mask, Measure, Period, Polarity, Unit
from perfpipe.pack.sentences import PERIOD_TITLES

HEAD = """# Measures

Every measure that perfpipe computes, in the order of the packs. This page is generated from the definitions in
`src/perfpipe/measures/` and, of measures typed by hand, in `plan.toml`: change them there, then run `make docs`. The
rules that measures share are in [definitions.md](definitions.md); how to add one, in
[add-a-measure.md](add-a-measure.md).

| Code | Measure | Dataset | Good is |
| --- | --- | --- | --- |
"""
GOOD_IS = {
    Polarity.HIGHER_IS_BETTER: "high",
    Polarity.LOWER_IS_BETTER: "low",
    Polarity.RANGE_IS_BEST: "within a range",
    Polarity.NEITHER: "neither high nor low",
}
UNITS = {
    Unit.PERCENT: "percentage",
    Unit.COUNT: "count",
    Unit.HOURS: "hours",
    Unit.PER_10_000: "per 10,000 children",
    Unit.CASES: "cases for each full-time equivalent",
}
HOURS_A_DAY = 24


def measures_page(measures: Sequence[Measure]) -> str:
    """The page in Markdown: a table of contents, then a section for each measure."""
    contents = [
        f"| [{m.code}](#{_anchor(m)}) | {_cell(m.title)} | {_cell(m.dataset.title)} | {GOOD_IS[m.polarity]} |"
        for m in measures
    ]
    sections = ["\n".join(_section(measure)) for measure in measures]
    return HEAD + "\n".join(contents) + "\n\n" + "\n\n".join(sections) + "\n"


def _section(measure: Measure) -> Iterator[str]:
    yield f'<a id="{_anchor(measure)}"></a>'
    yield ""
    yield f"## {measure.code} {measure.title}"
    yield ""
    yield measure.definition
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    for name, words in _facts(measure):
        yield f"| {name} | {_cell(words)} |"


def _facts(measure: Measure) -> Iterator[tuple[str, str]]:
    yield "Id", f"`{measure.id}`"
    yield "Why it matters", measure.why_it_matters
    yield "Dataset", f"{measure.dataset.title} (`{measure.dataset.id}`)"
    parts = (("Numerator", measure.numerator), ("Denominator", measure.denominator))
    for name, mask in parts if measure.denominator else (("Counted", measure.numerator),):
        if words := _in_words(mask):
            yield name, words
    if how := _how_counted(measure):
        yield "How it is counted", how
    yield "Unit", UNITS.get(measure.unit, measure.unit.value.replace("_", " "))
    yield "Good is", GOOD_IS[measure.polarity]
    yield "Periods", "; ".join(_period(period) for period in measure.periods)
    if measure.month_of:
        yield "Belongs to the month of", f"`{measure.month_of}`"
    groups = [f"{each.title} ({', '.join(each.groups.values())})" for each in measure.breakdowns]
    yield "Breakdowns", "; ".join(groups) or "none"
    yield "Looks back", _months(measure.lookback_months) if measure.lookback_months else "no"
    yield "Matures after", _time(measure.matures_after_hours)
    yield "Owner", measure.owner
    yield "Source", measure.source
    yield "Version", str(measure.version)


def _in_words(mask: Mask | None) -> str:
    """What a named function says that it picks; a lambda says nothing that the definition does not."""
    if not inspect.isfunction(mask) or not mask.__doc__:
        return ""
    return " ".join(inspect.cleandoc(mask.__doc__).split("\n\n")[0].split())


def _how_counted(measure: Measure) -> str:
    if measure.distinct:
        return f"different values of `{measure.distinct}`, each once"
    if measure.weight:
        return f"the sum of `{measure.weight}`"
    return ""


def _period(period: Period) -> str:
    title = PERIOD_TITLES.get(period, period.value.replace("_", " "))
    return f"{title[0].lower()}{title[1:]} (`{period}`)"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _time(hours: int) -> str:
    if not hours:
        return "the month's end"
    days, rest = divmod(hours, HOURS_A_DAY)
    return f"{days} days after the month's end" if days > 3 and not rest else f"{hours} hours after the month's end"


def _anchor(measure: Measure) -> str:
    return measure.id.replace("_", "-")


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
