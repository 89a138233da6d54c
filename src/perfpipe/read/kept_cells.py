"""Kept cells: what is kept of a delivered file from which somebody's rows were erased. It reads like the file itself.

A zip archive with one part of JSON: of each sheet the cells as the parser gave them, every distinct one once.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from perfpipe.read.raw_cells import ColumnCells, RawSheet

PART = "perfpipe_kept_cells.json"
NAME_AT = 30  # in an archive the name of the first part follows its header of so many bytes
MARKS = ("merged", "hidden_rows", "hidden_columns", "notes")


def kept_cells(sheets: Sequence[RawSheet]) -> bytes:
    """Sheets as a file: the same bytes for the same cells."""
    content = json.dumps([_packed(sheet) for sheet in sheets], ensure_ascii=False)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        part = zipfile.ZipInfo(PART)  # dated 1980
        part.compress_type = zipfile.ZIP_DEFLATED
        package.writestr(part, content)
    return archive.getvalue()


def holds_kept_cells(path: Path) -> bool:
    """Whether a file is one of these, whatever its name; of one that cannot be opened its parser says why."""
    try:
        with open(path, "rb") as file:
            start = file.read(NAME_AT + len(PART))
    except OSError:
        return False
    return start.startswith(b"PK") and start[NAME_AT:] == PART.encode()


def sheets_kept(path: Path, name: str) -> list[RawSheet]:
    """The sheets of such a file; `name` is what people call the file as it was delivered."""
    with zipfile.ZipFile(path) as package:
        found = json.loads(package.read(PART))
    return [_sheet(sheet, name) for sheet in found]


def _packed(sheet: RawSheet) -> dict[str, object]:
    columns = [_used(column) for column in sheet.columns]
    return {
        "name": sheet.name,
        "height": sheet.height,
        "visible": sheet.visible,
        "widths": None if sheet.widths is None else sheet.widths.tolist(),
        "columns": [[each.distinct, each.numbers.tolist()] for each in columns],
        **{mark: list(getattr(sheet, mark)) for mark in MARKS},
    }


def _used(column: ColumnCells) -> ColumnCells:
    """The column without distinct cells that no row has any more."""
    used = np.union1d(column.numbers, [0])
    place = np.searchsorted(used, column.numbers).astype(np.int32)
    return ColumnCells([column.distinct[number] for number in used.tolist()], place)


def _sheet(known: dict[str, Any], name: str) -> RawSheet:
    return RawSheet(
        name,
        known["name"],
        known["height"],
        [
            ColumnCells([(kind, text) for kind, text in cells], np.array(numbers, dtype=np.int32))
            for cells, numbers in known["columns"]
        ],
        known["visible"],
        widths=None if known["widths"] is None else np.array(known["widths"], dtype=np.int64),
        merged=[(a, b, c, d) for a, b, c, d in known["merged"]],
        hidden_rows=known["hidden_rows"],
        hidden_columns=known["hidden_columns"],
        notes=known["notes"],
    )
