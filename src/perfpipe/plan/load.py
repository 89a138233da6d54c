"""Read a plan and check it before any data is read: every mistake at once, wherever it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from perfpipe.measures.definition import Measure
from perfpipe.plan.checks import mismatches
from perfpipe.plan.model import Plan
from perfpipe.plan.references import DeclaredIds, names_that_lead_nowhere
from perfpipe.toml_files.models import Problem, model_problems, raise_problems, read_toml

ONLY_TOGETHER = ("placement_groups",)  # without one of its entries nothing can be said of the others


def load_plan(path: Path, measures: tuple[Measure, ...]) -> Plan:
    """Read `plan.toml` and check it against the catalogue of measures. Raises SettingsError with file, line and key."""
    plan, problems = checked(read_toml(path), measures)
    raise_problems(path, problems)
    assert plan is not None
    return plan


def checked(raw: Mapping[str, object], measures: Sequence[Measure]) -> tuple[Plan | None, list[Problem]]:
    """The plan that tables as in `plan.toml` make, and all that is wrong with it; None where it has mistakes.

    Entries with mistakes of their own are left out before the others are checked against each other.
    """
    named = DeclaredIds.of(raw, [measure.id for measure in measures])
    nowhere = names_that_lead_nowhere(raw, named)
    try:
        plan = Plan.model_validate(raw)
    except ValidationError as error:
        problems = model_problems(Plan, error)
    else:
        problems = nowhere + mismatches(plan, named, measures)
        return (None if problems else plan), problems
    rest, places = _without(raw, problems)
    try:
        plan = Plan.model_validate(rest)
    except ValidationError:  # nothing is left of a table that must not be empty
        return None, problems + nowhere
    told = [(_as_written(keys, places), what) for keys, what in mismatches(plan, named, measures)]
    known = [keys for keys, _ in problems]
    return None, problems + nowhere + [problem for problem in told if problem[0] not in known]


def _without(raw: Mapping[str, object], problems: Sequence[Problem]) -> tuple[dict[str, object], dict[str, list[int]]]:
    """The tables without the entries that have problems, and for each list the places of those that are left."""
    wrong = {tuple(keys[:2]) for keys, _ in problems}
    wrong |= {(table,) for table in ONLY_TOGETHER if any(keys[:1] == [table] for keys, _ in problems)}
    rest: dict[str, object] = {"title": "Plan"} if ("title",) in wrong else {}
    places: dict[str, list[int]] = {}
    for table, entries in raw.items():
        if (table,) in wrong:
            continue
        if isinstance(entries, Mapping):
            rest[table] = {name: entry for name, entry in entries.items() if (table, name) not in wrong}
        elif isinstance(entries, list | tuple):
            places[table] = [n for n in range(len(entries)) if (table, str(n)) not in wrong]
            rest[table] = [entries[n] for n in places[table]]
        else:
            rest[table] = entries
    return rest, places


def _as_written(keys: list[str], places: Mapping[str, list[int]]) -> list[str]:
    """Keys that count the entries left, as keys that count all entries."""
    if len(keys) > 1 and keys[0] in places and keys[1].isdigit():
        return [keys[0], str(places[keys[0]][int(keys[1])]), *keys[2:]]
    return keys
