"""The command about figures that have changed since they were seen: `perfpipe revisions`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, Where, at, month_of

if TYPE_CHECKING:
    from perfpipe.publish.revisions import EditionRevisions

HEADERS = (
    "measure_id", "code", "month", "period", "breakdown", "group", "was", "now", "status_before", "status_now",
    "causes", "why",
)  # fmt: skip


def revisions(month: str, *, workspace: Where = Path(), format: Literal["text", "json", "csv"] = "text") -> int:
    """List what differs in a month's newest edition from what the Board had seen: old, new, statuses, and why.

    Parameters
    ----------
    month
        The month of the edition, YYYY-MM.
    format
        text, json or csv. In `causes`, the number after a cause says how many records it is about.
    """
    from perfpipe.publish.revisions import revisions_of_edition
    from perfpipe.settings.workspace import Workspace

    found = revisions_of_edition(Workspace(at(workspace)), month_of(month))
    if format == "text":
        print("\n".join(_lines(found)))
        return DONE
    rows = _rows(found)
    if format == "json":
        sys.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
        return DONE
    writer = csv.DictWriter(sys.stdout, HEADERS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return DONE


def _lines(found: EditionRevisions) -> list[str]:
    """A line for each figure under its measure, after how many there are."""
    from perfpipe.measures.words import NOTHING
    from perfpipe.packs.content.revisions import revision_table

    table = revision_table(found.revisions, found.measures)
    edition = f"{found.month} edition {found.edition}"
    if not found.seen:
        return [f"{edition}: nothing had been released to the Board when it was made, so nothing in it is revised"]
    if not table.lines:
        return [f"{edition}: {table.note}"]
    number = len(table.lines)
    lines = [f"{edition}: {number:,} figures differ from what the Board had seen"]
    by_measure: dict[str, list[str]] = {}
    for line in table.lines:
        changed = line.status_before not in (NOTHING, line.status_now) and line.was != line.now
        statuses = f" [{line.status_before} -> {line.status_now}]" if changed else ""
        by_measure.setdefault(f"{line.code} {line.title}", []).append(f"  {line.sentence}{statuses}")
    for measure, sentences in by_measure.items():
        lines += [measure, *sentences]
    return lines


def _rows(found: EditionRevisions) -> list[dict[str, str]]:
    from perfpipe.packs.wording.revision_words import why

    rows = []
    for each in found.revisions:
        causes = ";".join(f"{one.cause}:{one.records}" if one.records else one.cause for one in each.causes)
        said = (each.key[0], each.code, *each.key[1:], each.shown, each.shown_now, each.seen.status, each.now.status)
        rows.append(dict(zip(HEADERS, (*said, causes, why(each)), strict=True)))
    return rows
