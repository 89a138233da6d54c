"""Which entries of a plan do not fit together: each mistake with the keys that lead to it, all at once.

References are looked up in `DeclaredIds`, taken from the file as it was read: an entry with a mistake of its own is
still known by its id, so that one mistake is not reported twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfpipe.measures.checks import RESERVED
from perfpipe.measures.definition import Measure
from perfpipe.measures.local_choices import counting_problems, grouping_problems
from perfpipe.measures.placeholders import placeholder_problem
from perfpipe.plan.model import Plan
from perfpipe.plan.references import DeclaredIds
from perfpipe.plan.tables import NO_MEASURE
from perfpipe.plan.target_checks import target_problems
from perfpipe.toml_files.models import Problem


def mismatches(plan: Plan, named: DeclaredIds, measures: Sequence[Measure]) -> list[Problem]:
    """What does not fit together in a plan whose entries are each in order. Keys count the entries of `plan`."""
    problems = [
        *_manual(plan, measures),
        *_recommendations(plan),
        *_measures(plan, named, measures),
        *_days(plan),
        *_meetings(plan, named),
        *counting_problems(plan.counting),
        *grouping_problems(plan.placement_groups),
    ]
    return problems + target_problems(plan, {measure.id: measure for measure in measures}, named)


def _manual(plan: Plan, measures: Sequence[Measure]) -> Iterator[Problem]:
    taken = {name: measure.title for measure in measures for name in (measure.id, measure.code)}
    for number, manual in enumerate(plan.manual_measures):
        at = ["manual_measures", str(number)]
        for key, name in (("id", manual.id), ("code", manual.code)):
            if name in taken:
                yield [*at, key], f"{name!r} is already the measure {taken[name]!r}"
        if manual.id in RESERVED:
            yield [*at, "id"], f"{manual.id!r} is the name of a column of figures; expected another id"
        if manual.code in [each.code for each in plan.manual_measures[:number]]:
            yield [*at, "code"], f"{manual.code!r} is used twice"
        if len(set(manual.groups)) < len(manual.groups):
            yield [*at, "groups"], "a group is named twice"


def _recommendations(plan: Plan) -> Iterator[Problem]:
    for number, entry in enumerate(plan.recommendations):
        keys = ["recommendations", str(number)]
        if plan.measures_of(entry):
            continue
        if not entry.evidence:
            yield [*keys, "evidence"], f'has neither measures nor evidence; expected either, as in "{NO_MEASURE} ..."'
            continue
        begins, told = entry.evidence[: len(NO_MEASURE)], entry.evidence[len(NO_MEASURE) + 1 :]
        if begins.casefold() != NO_MEASURE or placeholder_problem(told):
            yield [*keys, "evidence"], f'without measures, expected words that begin "{NO_MEASURE} ..."'


def _measures(plan: Plan, named: DeclaredIds, measures: Sequence[Measure]) -> Iterator[Problem]:
    lists = [(["recommendations", str(n), "measures"], e.measures) for n, e in enumerate(plan.recommendations)]
    lists.append((["without_recommendation"], plan.without_recommendation))
    lists += [(["measures", str(n), "id"], (e.id,)) for n, e in enumerate(plan.measures)]
    for keys, names in lists:
        for unknown in [name for name in names if name not in named.measures]:
            yield keys, f"no measure {unknown!r}; `perfpipe measures` lists them"
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield keys, f"{name!r} is listed twice"
    placed = {measure.shown.table.id for measure in measures if measure.shown.table and measure.id in named.placed}
    for measure in measures:
        if not named.placed.isdisjoint((measure.id, measure.shown.placed_with)):
            continue
        if measure.shown.table is None or measure.shown.table.id not in placed:
            placed |= {measure.shown.table.id} if measure.shown.table else set()  # one line for all of a table
            what = f"the measure {measure.id!r} is under no recommendation; list it under one, or here"
            yield ["without_recommendation"], what


def _days(plan: Plan) -> Iterator[Problem]:
    """Days of histories and decisions in order, none after the day of this revision, and none missing."""
    if plan.revised_on is None:
        if plan.actions or plan.decisions:
            yield ["revised_on"], "is missing: enter the day of this revision, on which actions are checked"
        return
    for number, action in enumerate(plan.actions):
        keys = ["actions", str(number)]
        yield from _in_order([*keys, "history"], [step.on for step in action.history], plan.revised_on)
        if not action.history and action.due < plan.revised_on:
            what = f"was due on {action.due}, before this revision ({plan.revised_on}), and has no status"
            yield [*keys, "history"], what
    for number, judgement in enumerate(plan.judgements):
        keys = ["judgements", str(number), "grades"]
        yield from _in_order(keys, [each.on for each in judgement.grades], plan.revised_on)
    for name, target in plan.targets.items():
        for number, step in enumerate(target.steps):
            if step.agreed_on > plan.revised_on:
                yield ["targets", name, "steps", str(number), "agreed_on"], _future(step.agreed_on, plan.revised_on)
    for number, decision in enumerate(plan.decisions):
        if decision.done_on and decision.done_on > plan.revised_on:
            yield ["decisions", str(number), "done_on"], _future(decision.done_on, plan.revised_on)


def _in_order(keys: list[str], days: Sequence[str], revised_on: str) -> Iterator[Problem]:
    for number, day in enumerate(days):
        if number and day <= days[number - 1]:
            what = f"{day} does not follow {days[number - 1]}; expected the oldest first, each day once"
            yield [*keys, str(number), "on"], what
        if day > revised_on:
            yield [*keys, str(number), "on"], _future(day, revised_on)


def _future(day: str, revised_on: str) -> str:
    return f"{day} is after the day of this revision, {revised_on}; expected that day or earlier"


def _meetings(plan: Plan, named: DeclaredIds) -> Iterator[Problem]:
    held = [(meeting.on, meeting.audience) for meeting in plan.meetings]
    for number, meeting in enumerate(plan.meetings):
        if held[number] in held[:number]:
            yield ["meetings", str(number), "on"], f"a {meeting.audience} meeting on {meeting.on} is listed already"
        if meeting.data_to.last_day.isoformat() >= meeting.on:
            what = f"{meeting.data_to} had not ended on {meeting.on}; expected a month that had ended"
            yield ["meetings", str(number), "data_to"], what
    for number, decision in enumerate(plan.decisions):
        keys = ["decisions", str(number)]
        if (decision.meeting, str(decision.audience)) not in named.meetings:
            what = f"no {decision.audience} meeting on {decision.meeting}; the table meetings lists them"
            yield [*keys, "meeting"], what
        for key in ("due", "done_on"):
            day = getattr(decision, key)
            if day and day < decision.meeting:
                yield [*keys, key], f"{day} is before the meeting that decided it, {decision.meeting}"
