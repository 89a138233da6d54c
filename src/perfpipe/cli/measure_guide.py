"""The measure catalogue: `docs/measures.md`, generated from the definitions and the plan, and from nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from datetime import date

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Mask
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.interview_view import HOURS_A_DAY
from perfpipe.measures.words import GOOD_IS, UNIT_WORDS
from perfpipe.packs.wording.numbers import show_target, show_tolerance
from perfpipe.packs.wording.sentences import PERIOD_TITLES
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan import Plan

HEAD = """# Measures

Every measure that perfpipe computes, in the order of the packs. This page is generated from the definitions in
`src/perfpipe/measures/` and from `plan.toml`: change them there, then run `make docs`. The rules that measures share
are in [definitions.md](definitions.md); how to add one, in [add-a-measure.md](add-a-measure.md). Lists of reasons,
limits and groups that an authority may set in its plan ([plan.md](plan.md)) stand here as the plan has them.

"""
CONTENTS = """| Code | Measure | Dataset | Good is |
| --- | --- | --- | --- |
"""
NO_TARGET = "none in the plan"


def measures_page(measures: Sequence[Measure], plan: Plan | None = None) -> str:
    """The page in Markdown: a table of contents, then a section for each measure.

    With a plan: under which recommendation each measure stands, and its targets by their dated steps.
    """
    contents = [
        f"| [{m.code}](#{_anchor(m)}) | {_cell(m.title)} | {_cell(m.basis.dataset.title)} |"
        f" {GOOD_IS[m.shown.polarity]} |"
        for m in measures
    ]
    sections = ["\n".join(_section(measure, plan)) for measure in measures]
    told = f"{_of_plan(plan)}\n\n" if plan else ""
    return HEAD + told + CONTENTS + "\n".join(contents) + "\n\n" + "\n\n".join(sections) + "\n"


def _of_plan(plan: Plan) -> str:
    day = f", revised on {_day(plan.revised_on)}" if plan.revised_on else ""
    return f"Recommendations and targets are those of the plan: {plan.title}{day}."


def _section(measure: Measure, plan: Plan | None) -> Iterator[str]:
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
    for name, words in plan_facts(measure, plan) if plan else ():
        yield f"| {name} | {_cell(words)} |"


def plan_facts(measure: Measure, plan: Plan) -> Iterator[tuple[str, str]]:
    """What the plan says of a measure: the recommendations and topics, and each step of its target with its source."""
    serves = [each for each in plan.recommendations if measure.id in plan.measures_of(each)]
    named = [each.title if each.topic else f"Recommendation {each.id}: {each.title}" for each in serves]
    yield "Recommendation or topic", "; ".join(named) or "none"
    target = plan.targets.get(measure.id)
    if target is None:
        yield "Target", NO_TARGET
        return
    period = target.period or measure.periods[0]
    over = f" ({_period_title(period)})" if period is not measure.periods[0] else ""
    for step in target.steps:
        words = show_target(step.written, measure.counts.unit, measure.shown.polarity)
        near = f", near within {show_tolerance(step.amber_within, measure.counts.unit)}" if step.amber_within else ""
        told = f"{words}{over}{near}; agreed on {_day(step.agreed_on)}; {target.source_of(step)}"
        yield f"Target from {step.from_month.label}", told


def _facts(measure: Measure) -> Iterator[tuple[str, str]]:
    yield "Id", f"`{measure.id}`"
    yield "Why it matters", measure.why_it_matters
    yield "Dataset", f"{measure.basis.dataset.title} (`{measure.basis.dataset.id}`)"
    parts = (("Numerator", measure.counts.numerator), ("Denominator", measure.counts.denominator))
    for name, mask in parts if measure.counts.denominator else (("Counted", measure.counts.numerator),):
        if words := _in_words(mask):
            yield name, words
    if how := _how_counted(measure):
        yield "How it is counted", how
    yield "Unit", UNIT_WORDS[measure.counts.unit].name
    yield "Good is", GOOD_IS[measure.shown.polarity]
    yield "Periods", "; ".join(_period(period) for period in measure.periods)
    if measure.basis.month_of:
        yield "Belongs to the month of", f"`{measure.basis.month_of}`"
    groups = [f"{each.title} ({', '.join(each.groups.values())})" for each in measure.shown.breakdowns]
    yield "Breakdowns", "; ".join(groups) or "none"
    yield "Looks back", count_of(measure.basis.lookback_months, "month") if measure.basis.lookback_months else "no"
    yield "Matures after", _time(measure.mature.after_hours)
    yield "Owner", measure.owner
    yield "Source", measure.source
    yield "Version", str(measure.version)


def _in_words(mask: Mask | None) -> str:
    """What a named function says that it picks; a lambda says nothing that the definition does not."""
    if not inspect.isfunction(mask) or not mask.__doc__:
        return ""
    return " ".join(inspect.cleandoc(mask.__doc__).split("\n\n")[0].split())


def _how_counted(measure: Measure) -> str:
    if measure.counts.distinct:
        return f"different values of `{measure.counts.distinct}`, each once"
    if measure.counts.weight:
        return f"the sum of `{measure.counts.weight}`"
    return ""


def _period(period: Period) -> str:
    return f"{_period_title(period)} (`{period}`)"


def _period_title(period: Period) -> str:
    title = PERIOD_TITLES[period]
    return f"{title[0].lower()}{title[1:]}"


def _day(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.day} {Month.of(on).label}"


def _time(hours: int) -> str:
    if not hours:
        return "the month's end"
    days, rest = divmod(hours, HOURS_A_DAY)
    return f"{days} days after the month's end" if days > 3 and not rest else f"{hours} hours after the month's end"


def _anchor(measure: Measure) -> str:
    return measure.id.replace("_", "-")


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def measure_data(measure: Measure, plan: Plan | None) -> dict[str, object]:
    """One measure as plain values for JSON; with a plan what it says of it, in words."""
    shown = measure.shown
    return {
        "id": measure.id,
        "code": measure.code,
        "title": measure.title,
        "dataset": measure.basis.dataset.id,
        "periods": list(measure.periods),
        "unit": measure.counts.unit,
        "polarity": shown.polarity,
        "definition": measure.definition,
        "source": measure.source,
        "version": measure.version,
        "breakdowns": [{"id": b.id, "title": b.title, "groups": dict(b.groups)} for b in shown.breakdowns],
        "plan": {name: words for name, words in plan_facts(measure, plan) if words != NO_TARGET} if plan else {},
    }
