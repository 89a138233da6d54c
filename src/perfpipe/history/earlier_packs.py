"""Figures that an audience was shown before this program: what the first packs are compared with (definitions 1.10)."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from perfpipe.dates.months import Month, end_of_day
from perfpipe.ledger.history_records import EventKind, EventRecord, ReleasedBy, ReleaseRecord
from perfpipe.ledger.history_tables import CELLS
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionKind, EditionRecord, PackAudience, RunRecord, RunState
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import JUDGED, MARKERS, State
from perfpipe.settings.earlier_packs import EarlierPack
from perfpipe.settings.settings import SettingsError
from perfpipe.storage.access import login

COLUMNS = ("measure", "month", "period", "breakdown", "group", "shown", "status")
NEEDED = ("measure", "month", "shown")
NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?")
STATES = {marker: state for state, marker in MARKERS.items()}

Cell = tuple[str, str, str, str, str, str, str, str, str]


def import_earlier_packs(
    root: Path, declared: Sequence[EarlierPack], measures: Sequence[Measure], ledger: Ledger, at: datetime
) -> None:
    """Take in each declared file that the ledger does not have yet, as an edition that was seen on its day.

    A file that was changed is taken in again, and counts from then on. Raises SettingsError with all that is wrong in
    them, by file, row and column.
    """
    known = {each.manifest_sha256 for each in ledger.imported()}
    for pack in declared:
        path = root / pack.file
        try:
            content = path.read_bytes()
        except OSError:
            raise SettingsError([f"{path}: cannot be read; `earlier_packs` in perfpipe.toml names it"]) from None
        sha256 = hashlib.sha256(content).hexdigest()
        cells = CELLS.empty() if sha256 in known else cells_of(path, content, measures)
        if len(cells):
            _import(ledger, pack, cells, sha256, at)


def _import(ledger: Ledger, pack: EarlierPack, cells: pd.DataFrame, sha256: str, at: datetime) -> None:
    audience = PackAudience(pack.audience)
    first, last = (Month.parse(each) for each in (cells["month"].min(), cells["month"].max()))
    number = sum(each.month == last and each.audience is audience for each in ledger.imported()) + 1
    known = end_of_day(pack.seen_on)  # what could have been in it
    run = RunRecord(last, first, RunState.IMPORTED, sha256, None, known, at, pack.note, "", "", login=login())
    with ledger.writing():
        edition = EditionRecord(ledger.add_run(run, {}, []), last, audience, number, sha256, EditionKind.IMPORTED)
        pack_id = ledger.add_pack(edition)
        ledger.add_cells(pack_id, cells)
        ledger.add_release(
            ReleaseRecord(pack_id, audience, pack.seen_on, ReleasedBy.IMPORT, "", login(), pack.note, at)
        )
        ledger.add_event(EventRecord(at, "", login(), EventKind.IMPORTED, last, pack.file, pack.note))


def cells_of(path: Path, content: bytes, measures: Sequence[Measure]) -> pd.DataFrame:
    """The figures of such a file, as `CELLS`: columns measure (id or code), month, shown; others may be left out.

    Raises SettingsError.
    """
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError([f"{path}: cannot be read as a CSV file in UTF-8 ({type(error).__name__})"]) from None
    headers = [header.strip().casefold() for header in lines[0]] if lines else []
    wrong = [f"no column {name}" for name in NEEDED if name not in headers]
    wrong += [f"column {name!r} is none of {', '.join(COLUMNS)}" for name in headers if name not in COLUMNS]
    if wrong:
        raise SettingsError([f"{path}, row 1: {what}" for what in wrong])
    by_name = {name: measure for measure in measures for name in (measure.id, measure.code)}
    cells: list[Cell] = []
    problems: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        row = {name: text.strip() for name, text in zip(headers, line, strict=False)}
        if any(row.values()):
            found = list(_problems(row, by_name, len(line) - len(headers)))
            problems += [f"{path}, row {number}: {what}" for what in found]
            cells += [] if found else [_cell(row, by_name[row["measure"]])]
    frame = pd.DataFrame(cells, columns=CELLS.names)
    if frame.duplicated(list(CELLS.key)).any():
        problems.append(f"{path}: a figure stands there twice; expected each once")
    if problems:
        raise SettingsError(problems)
    return CELLS.checked(frame.astype(CELLS.dtypes))


def _problems(row: dict[str, str], measures: dict[str, Measure], longer: int) -> Iterator[str]:
    if longer > 0:
        yield "has more cells than the header; a number with a comma needs quotation marks"
    measure = measures.get(row.get("measure", ""))
    if measure is None:
        yield f"column measure: no measure {row.get('measure', '')!r}; `perfpipe measures` lists them"
        return
    try:
        Month.parse(row.get("month", ""))
    except ValueError as error:
        yield f"column month: {error}"
    periods = [period.value for period in measure.periods]
    if row.get("period") and row["period"] not in periods:
        yield f"column period: {row['period']!r}; expected one of {', '.join(periods)}, or nothing"
    groups = {each.id: each.groups for each in measure.shown.breakdowns}
    breakdown, group = row.get("breakdown") or "all", row.get("group") or "all"
    if (breakdown, group) != ("all", "all") and group not in groups.get(breakdown, ()):
        yield f"columns breakdown and group: {measure.code} has no group {group!r} of {breakdown!r}"
    if row.get("shown", "") not in STATES and _number(row.get("shown", ""), measure.counts.unit) is None:
        example = "36%" if measure.counts.unit is Unit.PERCENT else "1,204"
        yield f"column shown: {row.get('shown', '')!r}; expected a number as it was shown, such as {example}, or [x]"
    if row.get("status") and row["status"] not in JUDGED:
        yield f"column status: {row['status']!r}; expected one of {', '.join(JUDGED)}, or nothing"


def _number(text: str, unit: Unit) -> str | None:
    """The number that was shown, without its unit; None where it is none."""
    wanted = text.removesuffix("%") if unit is Unit.PERCENT else text
    if (unit is Unit.PERCENT) != text.endswith("%") or not NUMBER.fullmatch(wanted):
        return None
    return str(Decimal(wanted.replace(",", "")))


def _cell(row: dict[str, str], measure: Measure) -> Cell:
    state = STATES.get(row["shown"], State.OK)
    key = (
        measure.id,
        row["month"],
        row.get("period") or measure.periods[0].value,
        row.get("breakdown") or "all",
        row.get("group") or "all",
    )
    number = _number(row["shown"], measure.counts.unit) if state is State.OK else ""
    return (*key, state.value, row.get("status", ""), number or "", row["shown"])
