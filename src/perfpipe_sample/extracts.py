"""Write the delivery folders: nine untidy workbooks a month, as a council's systems would export them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.book import ExtractBook
from perfpipe_sample.cells import Cell
from perfpipe_sample.columns import BOOKS
from perfpipe_sample.knowledge import Extract, regular_delivery
from perfpipe_sample.sheets import write_sheet
from perfpipe_sample.simulated_authority import SimulatedAuthority

NONSENSE = "31/02/2017"


def write_deliveries(
    authority: SimulatedAuthority, extracts: Sequence[Extract], raw: Path, seed: int, progress: Callable[[str], None]
) -> None:
    """Write every extract into the folder of its month, with when it was delivered."""
    for month in sorted({extract.month for extract in extracts}):
        progress(f"writing the extracts of {month.label}")
        folder = raw / str(month)
        folder.mkdir(parents=True, exist_ok=True)
        of_month = [extract for extract in extracts if extract.month == month]
        for extract in of_month:
            rng = random.Random(f"{seed}/{extract.dataset}/{month}")
            book = BOOKS[extract.dataset]
            _write_book(rng, book, extract, rows_of(authority, extract), folder / book.file_name(month))
        (folder / "delivery.toml").write_text(_delivery_note(month, of_month), encoding="utf-8")


def rows_of(authority: SimulatedAuthority, extract: Extract) -> list[object]:
    """The rows as the extract shows them, each once."""
    match extract.dataset:
        case "return_home_interviews":
            return list(authority.missing_in(extract))
        case "placements":
            return list(authority.care_in(extract))
        case "social_workers":
            posts = authority.posts_in(extract)
            return [replace(row, team=team_name(row.team, extract.month)) for row in posts]
        case "workforce_monthly":
            return list(authority.workforce_in(extract))
        case "assessments":
            assessments = authority.assessments_in(extract)
            return [replace(row, team=team_name(row.team, extract.month)) for row in assessments]
        case "audits":
            return list(authority.audits_in(extract))
        case "adopters":
            return list(authority.adopters_in(extract))
        case "manual_measures":
            return list(authority.typed_in(extract))
        case _:
            return list(authority.actions_in(extract))


def team_name(team: str, month: Month) -> str:
    """What a team was called when the extract of a month was made."""
    before, after = p.TEAMS[team]
    return after if month >= p.TEAMS_RENAMED else before


def _write_book(rng: random.Random, book: ExtractBook, extract: Extract, rows: Sequence[object], path: Path) -> None:
    """One workbook: title lines, headers, the rows, some hidden by a filter, and a line with the total."""
    columns = book.columns_in(extract.month)
    nonsense = _nonsense_rows(rng, book, extract.month, len(rows))
    records: list[list[Cell]] = []
    for number, row in enumerate(rows):
        cells = [column.style(rng, column.value_of(row)) for column in columns]
        if number in nonsense:
            cells[[column.field for column in columns].index(book.unreadable)] = NONSENSE
        records += [cells] * getattr(row, "copies", 1)
    headers: list[Cell] = [column.header for column in columns]
    above = [*_lines_above(book, extract), headers]
    hidden = {len(above) + 1 + number for number in range(len(records)) if rng.random() < r.HIDDEN_ROW}
    write_sheet(path, book.sheet(extract.month), [*above, *records, [f"Total records: {len(records)}"]], hidden)


def _lines_above(book: ExtractBook, extract: Extract) -> list[list[Cell]]:
    """The title lines; the time of the extract is a date cell in some months and text in others."""
    at = extract.extracted_at
    shown = at if extract.month.number % 2 else at.strftime("%d/%m/%Y %H:%M")
    lines: list[list[Cell]] = [[book.title], ["Extracted", shown], ["Month", extract.month.label], []]
    return lines


def _nonsense_rows(rng: random.Random, book: ExtractBook, month: Month, count: int) -> set[int]:
    """The rows with a date that does not exist, every fifth month."""
    if book.unreadable is None or (month.year * 12 + month.number) % r.UNREADABLE_EVERY or count < 50:
        return set()
    return set(rng.sample(range(count), r.UNREADABLE_CELLS))


def _delivery_note(month: Month, extracts: Sequence[Extract]) -> str:
    regular = regular_delivery(month)
    lines = [f"delivered_on = {regular.isoformat()}"]
    for extract in extracts:
        if extract.delivered_on != regular:
            lines += ["", f'[files."{BOOKS[extract.dataset].file_name(month)}"]']
            lines += [f"delivered_on = {extract.delivered_on.isoformat()}"]
    return "\n".join(lines) + "\n"
