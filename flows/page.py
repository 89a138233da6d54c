"""The page of a look at the months, in Markdown, as a manager reads it: counts, owners and places, no figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfpipe.schedule.overview import MonthOverview

SEVERITIES = {"stop": "stop the run", "exclude": "leave a row out", "warn": "to look at"}


def page_of(months: Sequence[MonthOverview], unheld_roles: Sequence[str] = ()) -> str:
    """How the newest months stand, the newest first; what changed in status; whose faults; where each pack is."""
    roles = ["## Roles without a holder", "\n".join(f"- {line}" for line in unheld_roles)] if unheld_roles else []
    return "\n\n".join(
        [
            "## How the months stand",
            _table(("Month", "Stands", "Due", "Waits for", "Pack"), map(_stands, months)),
            "## Statuses that changed",
            _turned(months),
            "## Faults, by who puts them right",
            _faults(months),
            "Their places are in the messages to their owners, and `perfpipe check MONTH` lists them.",
            *roles,
        ]
    )


def _stands(month: MonthOverview) -> tuple[str, ...]:
    outlook, run = month.run.outlook, month.run
    word = "blocked" if run.is_blocked else "published" if run.outcome and not outlook.awaited else str(outlook.state)
    waits = "<br>".join(
        f"{each.title} ({each.sender}, by {each.due_on.day} {each.due_on:%B})" for each in outlook.awaited
    )
    due = f"{outlook.due_on.day} {outlook.due_on:%B %Y}" if outlook.due_on else ""
    pack = f"edition {month.edition}: `{month.place}`" if month.edition else ""
    return (outlook.month.label, f"**{word}**", due, waits, pack)


def _turned(months: Sequence[MonthOverview]) -> str:
    rows = [
        (each.run.outlook.month.label, f"{turn.before} → **{turn.after}**", f"{turn.measure} ({turn.period})")
        for each in months
        for turn in each.turns
    ]
    if not rows:
        return "None against the month before."
    return _table(("Month", "From the month before", "Measure"), rows)


def _faults(months: Sequence[MonthOverview]) -> str:
    rows = []
    for each in months:
        label = each.run.outlook.month.label
        stopping = each.run.blockers or each.run.outlook.blockers
        rows += [(label, f"**{len(of.places)} stop the run**: {of.what_to_do}", of.owner) for of in stopping]
        rows += [(label, _counted(of.counts), of.owner) for of in each.faults]
    return _table(("Month", "Faults", "Owner"), rows) if rows else "None."


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[severity]} {words}" for severity, words in SEVERITIES.items() if severity in counts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "/") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
