"""The command for what is corrected by phone: `perfpipe correct`. All is asked for, so that no history has it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.cli.words import DONE, Where, at, say

if TYPE_CHECKING:
    import pandas as pd

    from perfpipe.correct.entry import Entry
    from perfpipe.correct.find_cell import RecordRow
    from perfpipe.datasets.definition import Dataset
    from perfpipe.plan import Plan
    from perfpipe.settings.workspace import Workspace

LISTED = 20
Said = Callable[[str], str]  # what is wrong with an answer; empty: nothing


def correct(*, workspace: Where = Path()) -> int:
    """Correct one cell of one record until the source does: asked for at the prompt, never given as arguments.

    It asks for dataset, record, column, new value, reason and role, shows old and new, and after a yes adds an entry to
    corrections.toml. Then it says which figures move, and by when the source must have it. Nothing that you type, and
    nothing of the record, is written to a log. docs/correct-faults.md says what becomes of it.
    """
    from perfpipe.correct.entry import add_entry
    from perfpipe.correct.find_cell import problem_of
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    where.settings()
    plan = _plan(where)
    dataset = _dataset()
    key, row = _record(where, dataset)
    say(f"found: {row.place}")
    column = _column(dataset, key, row)
    print(f"{column} is now: {_shown(row.cells[column])}")
    new = _asked("New value (empty for a blank): ", lambda text: problem_of(row, dataset, column, text))
    reason = _asked("Reason, which the Board sees (name no child): ", lambda text: "" if text else "a reason is needed")
    role = _role(plan)
    print(f"{column}: {_shown(row.cells[column])} becomes {_shown(('t', new) if new else ('-', ''))}")
    if _asked("Write it? yes or no: ", _yes_or_no) != "yes":
        say("nothing was written")
        return DONE
    before = _figures(where)
    entry: Entry = {"dataset": dataset.id, "key": key, "column": column, "from": row.cells[column][1], "to": new,
             "reason": reason, "by": role, "date": _today()}  # fmt: skip
    add_entry(where, entry)
    say(f"written: an entry in {where.root / 'corrections.toml'}")
    _tell_effects(where, dataset, row, before)
    return DONE


def _asked(question: str, wrong: Said = lambda _: "") -> str:
    """An answer that nothing is wrong with; asks again otherwise. Raises SettingsError at the end of the input."""
    from perfpipe.settings.settings import SettingsError

    while True:
        try:
            answer = input(question).strip()
        except EOFError:
            raise SettingsError(["the answers ended before all was asked for; nothing was written"]) from None
        if not (problem := wrong(answer)):
            return answer
        say(problem)


def _yes_or_no(answer: str) -> str:
    return "" if answer in ("yes", "no") else "answer yes or no"


def _plan(where: Workspace) -> Plan:
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan

    return load_plan(where.plan_file, MEASURES)


def _dataset() -> Dataset:
    from perfpipe.datasets import BY_ID, DATASETS

    titles = {each.id: each.title for each in DATASETS}
    return BY_ID[_asked("Dataset: ", lambda answer: _unknown("dataset", answer, list(BY_ID), titles))]


def _unknown(what: str, answer: str, known: list[str], titles: dict[str, str] | None = None) -> str:
    """What is wrong with a name. The answer is not repeated: it may be a value at the wrong prompt."""
    from perfpipe.phrases.near_names import meant

    if answer in known:
        return ""
    return f"no such {what}; {meant(answer, known, titles)}expected one of {', '.join(known)}"


def _record(where: Workspace, dataset: Dataset) -> tuple[dict[str, str], RecordRow]:
    """The values that name one record, and its row in the newest extract that has it."""
    from perfpipe.correct.find_cell import find_record

    while True:
        key = {name: _asked(f"{name} of the record: ") for name in dataset.follow_by or dataset.key}
        search = find_record(where, dataset, key)
        if len(search.rows) > 1:
            say(f"{len(search.rows)} records have these; more is needed to tell them apart")
            key |= {name: _asked(f"{name} of the record: ") for name in dataset.key if name not in key}
            search = find_record(where, dataset, key)
        if len(search.rows) == 1:
            return key, search.rows[0]
        found = "no record" if not search.rows else "several records, which cannot be told apart: remove one at source"
        say(f"{found} (of {search.looked} extracts of {dataset.id}); give the values as the extract has them")


def _column(dataset: Dataset, key: dict[str, str], row: RecordRow) -> str:
    known = [name for name in dataset.by_name if name in row.cells and name not in key]
    return _asked("Column: ", lambda answer: _unknown("column", answer, known))


def _role(plan: Plan) -> str:
    known, titles = [each.id for each in plan.owners], {each.id: each.role for each in plan.owners}

    def wrong(answer: str) -> str:
        return _unknown("role", answer, known, titles) if known else "" if answer else "a role is needed"

    return _asked("Your role, as plan.toml has it: ", wrong)


def _shown(cell: tuple[str, str]) -> str:
    """A cell for who sits at the terminal; its form alone where what is printed goes into a file."""
    from perfpipe.faults.fault import shape_of

    if not sys.stdout.isatty():
        return shape_of(*cell)
    return cell[1] if cell[1].strip() else "blank"


def _figures(where: Workspace) -> pd.DataFrame:
    from perfpipe.questions.known_on_a_day import figures_as_known

    return figures_as_known(where, _today(), None, say)


def _today() -> date:
    from perfpipe.dates.months import LONDON

    return datetime.now(LONDON).date()


def _tell_effects(where: Workspace, dataset: Dataset, row: RecordRow, before: pd.DataFrame) -> None:
    from perfpipe.correct.effects import due_at_source, moves_between

    moves = moves_between(before, _figures(where))
    for each in moves[:LISTED]:
        group = "" if each.breakdown == "all" else f", {each.breakdown}: {each.group}"
        print(f"{each.code} {each.month} {each.period}{group}: {each.before} becomes {each.after}")
    if len(moves) > LISTED:
        print(f"and {len(moves) - LISTED} more figures")
    if not moves:
        print("no figure moves")
    month, due, sender = due_at_source(where.settings(), dataset.id, row.month)
    when = f", due on {due}," if due else ""
    print(f"The source ({sender}) must have it by the extract of {month}{when} which is then right without this entry.")
