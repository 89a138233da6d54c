"""Twenty interviews filled in after six months were released: what is marked, in which edition, and why.

Usage, from the root of the repository: python -m benchmarks.late_interviews [--seed 3] [--months 6] [--keep FOLDER]

The months of the sample are published and released. Then a copy of the last month's interview extract, made two weeks
later, has an interview for twenty returns that had none. What the Board had seen and what the new editions show is
compared cell by cell, without any code of revisions, and beside it stand the revisions that perfpipe tells. Charts are
not drawn.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pandas as pd
from openpyxl import load_workbook
from tests.runs import one_small_picture, runs_draw

from perfpipe.dates.months import Month, month_range
from perfpipe.history.release import release
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.publish.revisions import revisions_of_edition
from perfpipe.rerun.backfill import backfill
from perfpipe.rerun.compare import compare
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import LAST_MONTH, write_sample
from perfpipe_sample.columns import MISSING

BOARD, ROLE, TWENTY, LATER = PackAudience.BOARD, "performance_manager", 20, timedelta(days=14)
KEY = ["measure_id", "month", "period", "breakdown", "group"]
COMPARED = ["state", "status", "number"]


def fill_in(path: Path, seed: int) -> None:
    """Twenty returns of the extract that had no interview get one a day later; it says that it was made later.

    That much later some returns have come of age, so that a few figures also say how many have become due.
    """
    book = load_workbook(path)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows(max_row=10) if row[0].value == "Episode ref")
    number_of = {cell.value: number for number, cell in enumerate(header)}
    place = {column.field: number_of[column.header] for column in MISSING.columns_in(LAST_MONTH)}
    rows = [
        row
        for row in sheet.iter_rows(min_row=header[0].row + 1)
        if isinstance(row[place["returned_at"]].value, datetime)
        and not row[place["interview_at"]].value
        and str(row[place["rhi_required"]].value).startswith("Y")
        and row[place["outcome"]].value in (None, "Accepted", "Awaiting response")  # another one would be corrected
    ]
    for row in Random(seed).sample(rows, TWENTY):
        row[place["interview_at"]].value = row[place["returned_at"]].value + timedelta(days=1)
        row[place["outcome"]].value = "Accepted"
    sheet["B2"].value += LATER
    book.save(path)


def cells(ledger: Ledger, packs: list[int], first: Month, last: Month) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What some editions showed, by figure; of what several showed the last."""
    found = ledger.cells_of(packs, first - 60, last)
    order = found["pack_id"].map({pack: place for place, pack in enumerate(packs)})
    found = found.assign(_order=order).sort_values("_order").drop_duplicates(KEY, keep="last")
    keys = found[KEY].itertuples(index=False, name=None)
    return dict(zip(keys, found[COMPARED].itertuples(index=False, name=None), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="a new folder for the workspace, to look at afterwards")
    given = parser.parse_args()
    months = month_range(LAST_MONTH - (given.months - 1), LAST_MONTH)
    span = (months[0], months[-1])

    def say(text: object) -> None:
        print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder, runs_draw(one_small_picture):
        root = given.keep or Path(folder) / "w"
        write_sample(root, months=given.months, seed=given.seed)
        workspace = Workspace(root)
        backfill(workspace, months, span, "first_load", ended=say)
        for month in months:
            release(workspace, month, BOARD, ROLE, "shown")
        of_last = workspace.raw / str(months[-1])
        fill_in(next(of_last.glob("missing_rhi_*.xlsx")), given.seed)
        (of_last / "delivery.toml").write_text("")
        foretold = compare(workspace, *span)
        backfill(workspace, months, span, "late_records", ended=say)
        again = backfill(workspace, months, span, "other", ended=say)

        ledger = Ledger.open(workspace.processed)
        packs = {(each.month, each.edition): each.id for each in ledger.packs(BOARD)}
        before = cells(ledger, [packs[month, 1] for month in months], *span)
        after = {month: cells(ledger, [packs[month, 2]], *span) for month in months}
        ledger.close()
        told = {month: revisions_of_edition(workspace, month) for month in months}
    report(months, before, after, told, foretold, again)


def report(months, before, after, told, foretold, again) -> None:  # type: ignore[no-untyped-def]
    """Print what differs and what is told, edition by edition."""
    lines, causes, differing = [], Counter(), set()
    for month in months:
        now = after[month]
        differ = {key for key in now if key in before and now[key] != before[key]}
        revised = {each.key: each for each in told[month].revisions}
        old = sum(key in revised and not revised[key].shown for key in differ)
        lines.append(
            {
                "edition of": str(month), "cells": len(now), "differ": len(differ), "marked": len(revised),
                "differ, not marked": len(differ - set(revised)),
                "marked, shown, not differing": len({key for key in revised if key in now} - differ),
                "marked without old value": old,
            }
        )  # fmt: skip
        differing |= differ
        causes.update(
            ", ".join(f"{one.cause}:{one.records}" for one in revised[key].causes) for key in differ if key in revised
        )
    print(pd.DataFrame(lines).to_string(index=False))
    said = {(each.measure_id, each.month, each.period, each.breakdown, each.group) for each in foretold if each.seen}
    print(f"the comparison before said {len(said & differing)} of {len(differing)} figures that then differed")
    print(f"a second backfill: {sum(not each.changed and not each.failed for each in again)} of {len(again)} unchanged")
    print("causes, with how many records:")
    for words, number in causes.most_common(25):
        print(f"{number:6}  {words}")


if __name__ == "__main__":
    main()
