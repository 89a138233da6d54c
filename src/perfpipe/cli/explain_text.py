"""The words of `perfpipe explain`: a figure's definition, numbers, and the rows behind it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from perfpipe.dates.months import in_london
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Polarity
from perfpipe.measures.shown_numbers import shown_number
from perfpipe.measures.words import STATE_WORDS, STATUS_WORDS, State, Status
from perfpipe.packs.wording.numbers import show_counts, show_target
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.questions.explain_figure import Evidence, Explanation
from perfpipe.read.formats.container import letter_of

SHOWN = 30  # row numbers in a line
OF_MEASURE = ("id", "code", "title", "definition", "source", "version")
OF_FIGURE = (
    "breakdown", "group", "numerator", "denominator", "value", "unit", "state", "state_reason", "target", "status",
    "provisional", "left_out", "left_out_of", "left_out_why",
)  # fmt: skip


def lines_of(explanation: Explanation, all_rows: bool = False) -> list[str]:
    """One explanation as lines of plain text; with `all_rows`, every row has a line."""
    measure = explanation.measure
    title = f"{measure.code} {measure.title}: {explanation.month.label} ({explanation.period.replace('_', ' ')})"
    lines = [title, "=" * len(title), measure.definition, f"Source: {measure.source}", ""]
    for row in explanation.figure.to_dict("records"):
        name = "All" if row["breakdown"] == "all" else f"  {row['breakdown']}: {row['group']}"
        lines.append(f"{name:40} {_numbers(row, measure.shown.polarity)}")
    of = f" for {explanation.of[0].id}: {explanation.of[1]}" if explanation.of else ""
    if explanation.erased_at:
        day = f"{explanation.erased_at:%Y-%m-%d}"
        lines.append(f"Rows erased on {day}: it stays as it was published, and is never computed again.")
    lines += [
        "",
        f"Dataset {measure.basis.dataset.id}: one row is {measure.basis.dataset.one_row_is}.",
        f"Rows behind it{' that are left' if explanation.erased_at else ''}{of}:",
    ]
    for evidence in explanation.evidence:
        lines += _rows(evidence, measure.counts.is_count) if all_rows else _evidence(evidence, measure.counts.is_count)
    if not explanation.evidence:
        lines.append("  none")
    return [*lines, ""]


def data_of(explanation: Explanation) -> dict[str, object]:
    """One explanation as plain values for JSON: figures, then files with the numbers of their rows by kind."""
    measure = explanation.measure
    figures = json.loads(explanation.figure.to_json(orient="records", double_precision=15))
    return {
        "measure": {name: getattr(measure, name) for name in OF_MEASURE},
        "month": str(explanation.month),
        "period": explanation.period,
        "in_run": explanation.in_run,
        "rows_of": {"breakdown": explanation.of[0].id if explanation.of else "all",
                    "group": explanation.of[1] if explanation.of else "all"},
        "figures": [{name: value for name, value in row.items() if name in OF_FIGURE} for row in figures],
        "evidence": [asdict(each) | {"extracted_at": each.extracted_at.isoformat()} for each in explanation.evidence],
    }  # fmt: skip


def _rows(evidence: Evidence, is_count: bool) -> list[str]:
    """A line for each row of an extract, in the order of its file."""
    kinds = [(number, label) for label, numbers in _kinds(evidence, is_count) for number in numbers]
    where = ", ".join([f"{evidence.folder}/{', '.join(evidence.files)}", *filter(None, [_sheet(evidence)])])
    return [f"  {where}, {_place(number, evidence.turned)}: {label}" for number, label in sorted(kinds)]


def _sheet(evidence: Evidence) -> str:
    return f"sheet {evidence.sheet}" if evidence.sheet else ""


def _numbers(row: Mapping[Hashable, Any], polarity: Polarity) -> str:
    """A figure and its target as packs print them, with what it is made of and its value unrounded."""
    if row["state"] != State.OK:
        return f"{STATE_WORDS[State(row['state'])]}: {row['state_reason']}"
    unit, status = Unit(row["unit"]), Status(row["status"])
    target = "" if pd.isna(row["target"]) else str(row["target"])
    top, bottom = (None if pd.isna(row[name]) else float(row[name]) for name in ("numerator", "denominator"))
    shown = shown_number(row["value"], top, bottom, unit, target, status)
    behind = [show_counts(top, bottom, unit=unit), "" if bottom is None else f"unrounded {row['value']:.6f}"]
    words = f"{shown.text} ({'; '.join(filter(None, behind))})" if any(behind) else shown.text
    if target:
        words += f", target {show_target(target, unit, polarity)}: {STATUS_WORDS[status]}"
    if row["provisional"]:
        words += " provisional"
    if row["left_out"]:
        words += f"; {row['left_out']} of {row['left_out_of']} records left out: {row['left_out_why']}"
    return words


def _evidence(evidence: Evidence, is_count: bool) -> list[str]:
    lines = [
        f"  {evidence.folder}/{', '.join(evidence.files)}"
        + (f", {sheet}" if (sheet := _sheet(evidence)) else "")
        + f" (extract {evidence.extract_id[:12]}, made {in_london(evidence.extracted_at)})"
    ]
    for label, numbers in _kinds(evidence, is_count):
        if numbers:
            lines.append(f"    {label}: {_places(numbers, evidence.turned)}")
    return lines


def _kinds(evidence: Evidence, is_count: bool) -> list[tuple[str, Sequence[int]]]:
    counted = "counted" if is_count else "in the numerator (and, of a share, in the denominator)"
    return [
        (counted, evidence.numerator_rows),
        ("in the denominator only", evidence.denominator_only_rows),
        ("not yet due, in neither", evidence.not_yet_due_rows),
        ("of these, corrected by corrections.toml", evidence.corrected_rows),
        *((f"left out, {because}", rows) for because, rows in evidence.left_out_rows.items()),
    ]


def _places(numbers: Sequence[int], turned: bool) -> str:
    """`2 rows: 3, 7`; where records stand side by side `2 columns: C, G`."""
    named = [_number(number, turned) for number in numbers[:SHOWN]]
    more = len(numbers) - len(named)
    rest = f" and {more:,} more: `--rows`" if more else ""
    return f"{count_of(len(numbers), 'column' if turned else 'row')}: {', '.join(named)}{rest}"


def _place(number: int, turned: bool) -> str:
    return f"{'column' if turned else 'row'} {_number(number, turned)}"


def _number(number: int, turned: bool) -> str:
    return letter_of(number - 1) if turned else str(number)
