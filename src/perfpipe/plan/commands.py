"""What the commands `perfpipe plan export`, `import` and `check` do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from perfpipe.measures.definition import Measure
from perfpipe.plan.load import load_plan
from perfpipe.plan.model import Plan, action_status
from perfpipe.plan.workbook.sheets import SHEETS
from perfpipe.plan.write import fingerprint, save_plan, tables_in_full
from perfpipe.toml_files.models import SettingsError

SHORT_VALUE = 40  # letters
REJUDGED = "so months that were judged by it will be judged again; to change a target add a step"

DECIDE_FIGURES = ("counting", "placement_groups")


@dataclass(frozen=True)
class ImportResult:
    """What an import did: the changes, one line each (none: the file was left as it was), and the copy saved."""

    changes: tuple[str, ...]
    kept: Path | None


def export_to(plan_file: Path, book: Path, measures: tuple[Measure, ...]) -> Path:
    """Write the workspace's plan as a workbook. Raises SettingsError where there is a file of that name."""
    from perfpipe.plan.workbook.export_book import export_plan

    if book.suffix.lower() != ".xlsx":
        raise SettingsError([f"{book}: expected a name that ends in .xlsx"])
    if book.exists():
        raise SettingsError([f"{book} already exists; name another file, or remove it"])
    export_plan(load_plan(plan_file, measures), book)
    return book


def import_from(plan_file: Path, book: Path, measures: tuple[Measure, ...], replace: bool = False) -> ImportResult:
    """Read a workbook, check it, and write a new `plan.toml` where the plan differs. Raises SettingsError.

    A workbook that was not made from the plan as it is now would undo what was changed meanwhile: it is refused
    unless `replace` is set.
    """
    from perfpipe.plan.workbook.import_book import import_plan

    plan, made_from = import_plan(book, measures)
    before = _plan_there(plan_file, measures)
    if before is None:
        return ImportResult((f"{plan_file.name}: written again",), save_plan(plan_file, plan))
    changes = tuple(changes_between(before, plan))
    if not changes:
        return ImportResult((), None)
    if made_from != fingerprint(before) and not replace:
        what = f"{plan_file.name} has changed since this workbook was written, and the import would undo that"
        raise SettingsError([f"{book.name}: {what}; `perfpipe plan export` writes a new one, --replace imports it"])
    return ImportResult(changes, save_plan(plan_file, plan))


def _plan_there(plan_file: Path, measures: tuple[Measure, ...]) -> Plan | None:
    """The plan in the workspace; None where there is none or it has mistakes."""
    try:
        return load_plan(plan_file, measures)
    except SettingsError:
        return None


def changes_between(before: Plan, after: Plan) -> Iterable[str]:
    """A line for each entry that was added, changed, moved or removed."""
    old, new = tables_in_full(before), tables_in_full(after)
    for table in type(after).model_fields:
        was, now = old.get(table), new.get(table)
        if table in _LISTS:
            yield from _entry_changes(table, _by_name(was), _by_name(now))
        elif was != now:
            words = table.replace("_", " ")
            yield f"{words}: {was or 'blank'}, now {now}" if table == "revised_on" else f"{words}: changed"
        if table in DECIDE_FIGURES and was != now:
            yield f"look again: {table}: all months will be counted again"
    for name, target in before.targets.items():
        kept = after.targets[name].steps if name in after.targets else ()
        for step in target.steps:
            if step not in kept:
                yield f"look again: targets: {name}: the step from {step.from_month} was changed or removed, {REJUDGED}"


_LISTS = {sheet.table for sheet in SHEETS}


def _entry_changes(table: str, was: dict[str, Any], now: dict[str, Any]) -> Iterable[str]:
    yield from (f"{table}: {name}: added" for name in now if name not in was)
    yield from (f"{table}: {name}: removed" for name in was if name not in now)
    both = [name for name in now if name in was and was[name] != now[name]]
    for name in both:
        entry = isinstance(was[name], dict)
        yield f"{table}: {name}: changed" + (f" ({_what_changed(was[name], now[name])})" if entry else "")
    if table != "targets" and [name for name in now if name in was] != [name for name in was if name in now]:
        yield f"{table}: reordered"


def _what_changed(was: dict[str, Any], now: dict[str, Any]) -> str:
    """The keys of an entry that changed, with both values where they are short: `due: 2018-01-31, now 2018-03-31`."""
    said = []
    for key in dict.fromkeys((*now, *was)):
        values = [entry.get(key, "") for entry in (was, now)]
        if values[0] != values[1]:
            short = all(isinstance(value, str) and len(value) <= SHORT_VALUE for value in values)
            said.append(f"{key}: {values[0] or 'blank'}, now {values[1] or 'blank'}" if short else key)
    return "; ".join(said)


def _by_name(entries: Any) -> dict[str, Any]:
    if isinstance(entries, dict):
        return entries
    return {str(each.get("id") or f"{each['on']} {each['audience']}"): each for each in entries or ()}


def check_lines(plan: Plan) -> list[str]:
    """What a plan holds, and which of its actions were overdue on the day of its revision."""
    counts = [f"{len(getattr(plan, table))} {table.replace('_', ' ')}" for table in _COUNTED]
    lines = [f"{plan.title}, revised on {plan.revised_on or 'a day not stated'}: {', '.join(counts)}"]
    if plan.revised_on:
        day = date.fromisoformat(plan.revised_on)
        for action in plan.actions:
            if action_status(action, day).overdue:
                lines.append(f"overdue: {action.id}, due {action.due}, {plan.role_of(action.owner)}: {action.what}")
    return lines


_COUNTED = ("recommendations", "targets", "actions", "judgements", "meetings", "decisions", "manual_measures", "owners")
