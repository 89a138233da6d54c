"""Write a plan as `plan.toml`: the same plan always gives the same text."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.items import Array, Table

from perfpipe.dates.months import Month
from perfpipe.plan.model import Plan
from perfpipe.plan.tables import ACTION_WORDS
from perfpipe.storage.files import write_whole

WIDTH = 120  # of a line, where a list fits on one
EARLIER = "earlier_plans"
HEAD = (
    "The Improvement Plan: what the council promised, who does it, and how the figures say whether it happened.",
    "Written by `perfpipe plan import`. Numbers are in quotes, to stay exact. docs/plan.md says what may be changed.",
)
_STATUSES = " and ".join(", ".join(f"{each} ({words})" for each, words in ACTION_WORDS.items()).rsplit(", ", 1))
ABOVE = {
    "owners": "Who answers for actions, decisions and measures: roles, and who holds them.",
    "recommendations": "The recommendations of the inspection, and the topics that Scrutiny asked about.",
    "manual_measures": "Measures whose numbers are typed into a sheet, as no extract holds them yet.",
    "targets": "Targets: each in steps, from a month on. A change is a new step; earlier steps stay as they are.",
    "actions": f"Actions: their statuses are {_STATUSES}.",
    "judgements": "The judgements of the inspection and their grades.",
    "meetings": "Meetings, and the last month of the data that each is shown.",
    "decisions": "What meetings decided.",
    "measures": "How measures are shown: titles, owners, packs; the order here is the order in packs.",
    "counting": "What counts, where the authority may say so; what is not here is as usual.",
    "placement_groups": "Groups in which placements are shown: every code in one group at any time.",
}


def tables_of(plan: Plan) -> dict[str, Any]:
    """The plan as the tables of `plan.toml`: text, booleans, lists and tables; what is as usual is left out."""
    tables: dict[str, Any] = _plain(plan)
    return tables


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = ((name, field, getattr(value, name)) for name, field in type(value).model_fields.items())
        return {
            field.alias or name: _plain(each)
            for name, field, each in fields
            if field.is_required() or each != field.get_default(call_default_factory=True)
        }
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return str(value.value)
    return str(value) if isinstance(value, Decimal | Month) else value


def tables_in_full(plan: Plan) -> dict[str, Any]:
    """As `tables_of`, with what counts and the groups of placements even where they are as usual."""
    counting = {name: _plain(getattr(plan.counting, name)) for name in type(plan.counting).model_fields}
    return tables_of(plan) | {"counting": counting, "placement_groups": _plain(plan.placement_groups)}


def plan_text(plan: Plan) -> str:
    """The text of `plan.toml`. Reading it gives an equal plan."""
    document = tomlkit.document()
    for line in HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    for table, value in tables_of(plan).items():
        if table in ABOVE:
            document.add(tomlkit.nl())
            document.add(tomlkit.comment(ABOVE[table]))
        if table == "targets":
            document.add(table, _targets(value))
        elif table == "counting":
            document.add(table, _table(value))
        elif table in ABOVE:
            entries = tomlkit.aot()
            for entry in value:
                entries.append(_table(entry))
            document.add(table, entries)
        else:
            document.add(table, _value(value, table))
    return re.sub(r"\n{3,}", "\n\n", tomlkit.dumps(document)).strip() + "\n"


def _targets(targets: dict[str, Any]) -> Table:
    tables = tomlkit.table(is_super_table=True)
    for name, target in targets.items():
        tables.append(name, _table(target))
    return tables


def _table(entry: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in entry.items():
        table.append(key, _value(value, key))
    return table.add(tomlkit.nl())


def _value(value: Any, key: str) -> Any:
    if not isinstance(value, list):
        return value
    array: Array = tomlkit.array()
    for each in value:
        inline = tomlkit.inline_table()
        if isinstance(each, dict):
            inline.update(each)
        array.append(inline if isinstance(each, dict) else each)
    fits = len(f"{key} = {array.as_string()}") <= WIDTH
    return array.multiline(not fits or any(isinstance(each, dict) for each in value))


def fingerprint(plan: Plan) -> str:
    """What tells this plan from any other, whatever the comments of its file."""
    return hashlib.sha256(plan_text(plan).encode()).hexdigest()[:16]


def save_plan(path: Path, plan: Plan) -> Path | None:
    """Write `plan.toml`, whole or not at all, and return where a copy of the plan before is kept, if there was one."""
    kept = keep_copy(path) if path.exists() else None
    write_whole(path, plan_text(plan).encode())
    return kept


def keep_copy(path: Path, content: bytes | None = None) -> Path:
    """Keep a copy of a plan under its hash beside it, so that an old report can be made again from it.

    `content`: the plan as it was read, where the file may have changed since. Runs and manifests name a plan by the
    same hash (`plan_sha256`).
    """
    content = path.read_bytes() if content is None else content
    copy = path.parent / EARLIER / f"{hashlib.sha256(content).hexdigest()}.toml"
    if not copy.exists() or copy.read_bytes() != content:  # a copy that was changed by hand is none
        write_whole(copy, content)
    return copy
