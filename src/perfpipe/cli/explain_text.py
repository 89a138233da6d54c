"""The words of `perfpipe explain`: a figure's definition, numbers, and the rows behind it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from perfpipe.explain_figure import Evidence, Explanation
from perfpipe.measures.words import STATE_WORDS, STATUS_WORDS, State, Status
from perfpipe.read.formats.container import letter_of


def lines_of(explanation: Explanation) -> list[str]:
    """One explanation as lines of plain text."""
    measure = explanation.measure
    title = f"{measure.code} {measure.title}: {explanation.month.label} ({explanation.period.replace('_', ' ')})"
    lines = [title, "=" * len(title), measure.definition, f"Source: {measure.source}", ""]
    for row in explanation.figure.to_dict("records"):
        name = "All" if row["breakdown"] == "all" else f"  {row['breakdown']}: {row['group']}"
        lines.append(f"{name:40} {_numbers(row)}")
    lines += [
        "",
        f"Dataset {measure.basis.dataset.id}: one row is {measure.basis.dataset.one_row_is}.",
        "Rows behind it:",
    ]
    for evidence in explanation.evidence:
        lines += _evidence(evidence, measure.counts.is_count)
    if not explanation.evidence:
        lines.append("  none")
    return [*lines, ""]


def _numbers(row: Mapping[Hashable, Any]) -> str:
    if row["state"] != State.OK:
        return f"{STATE_WORDS[State(row['state'])]}: {row['state_reason']}"
    flag = " provisional" if row["provisional"] else ""
    if row["left_out"]:
        flag += f"; {row['left_out']} of {row['left_out_of']} records left out: {row['left_out_why']}"
    if pd.isna(row["denominator"]):
        return f"{row['value']:g}{flag}"
    target = "" if pd.isna(row["target"]) else f", target {row['target']}: {STATUS_WORDS[Status(row['status'])]}"
    return f"{row['numerator']:g} of {row['denominator']:g} = {row['value']:.6f}{target}{flag}"


def _evidence(evidence: Evidence, is_count: bool) -> list[str]:
    lines = [
        f"  {evidence.folder}/{', '.join(evidence.files)}"
        + (f", sheet {evidence.sheet}" if evidence.sheet else "")
        + f" (extract {evidence.extract_id[:12]}, made {evidence.extracted_at:%Y-%m-%d %H:%M} UTC)"
    ]
    counted = "counted" if is_count else "in the numerator (and, of a share, in the denominator)"
    for label, numbers in (
        (counted, evidence.numerator_rows),
        ("in the denominator only", evidence.denominator_only_rows),
        ("not yet due, in neither", evidence.not_yet_due_rows),
        ("of these, corrected by corrections.toml", evidence.corrected_rows),
        *((f"left out, {because}", rows) for because, rows in evidence.left_out_rows.items()),
    ):
        if numbers:
            lines.append(f"    {label}: {_places(numbers, evidence.turned)}")
    return lines


def _places(numbers: Sequence[int], turned: bool) -> str:
    """`2 rows: 3, 7`; where records stand side by side `2 columns: C, G`."""
    many, one = ("columns", "column") if turned else ("rows", "row")
    named = [letter_of(number - 1) for number in numbers] if turned else map(str, numbers)
    return f"{len(numbers)} {one if len(numbers) == 1 else many}: {', '.join(named)}"
