"""Owner books: the analyst's workbook of faults split by who puts them right, so that each is sent their own alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from perfpipe.packs.models.faults import FaultRow, FaultsBook

FOLDER = "owners"  # beside the workbook of all


def owner_books(book: FaultsBook) -> dict[str, FaultsBook]:
    """For each owner of a fault that is not for information alone their part of a workbook, by its path beside it.

    What nobody in particular puts right (rows left out of measures, what was cleared, corrections) is in the workbook
    of all.
    """
    owners = dict.fromkeys(fault.owner for fault in book.faults if fault.severity != "info")
    return {path: _of_owner(book, owner) for owner, path in paths_of(owners).items()}


def paths_of(owners: Mapping[str, object]) -> dict[str, str]:
    """The path of each owner's workbook: their name in letters and digits, with a number where two come to the same."""
    paths: dict[str, str] = {}
    for owner in owners:
        plain = re.sub(r"[^a-z0-9]+", "-", owner.casefold()).strip("-") or "owner"
        name, number = f"faults-{plain[:80]}", 2
        while f"{FOLDER}/{name}.xlsx" in paths.values():
            name, number = f"faults-{plain[:80]}-{number}", number + 1
        paths[owner] = f"{FOLDER}/{name}.xlsx"
    return paths


def _of_owner(book: FaultsBook, owner: str) -> FaultsBook:
    return replace(
        book,
        faults=tuple(_one_folder_deeper(fault) for fault in book.faults if fault.owner == owner),
        by_owner=tuple(total for total in book.by_owner if total.names[0] == owner),
        by_rule=tuple(total for total in book.by_rule if total.names[0] == owner),
        left_out=(),
        cleared=(),
        corrections=(),
        of_owner=owner,
    )


def _one_folder_deeper(fault: FaultRow) -> FaultRow:
    return replace(fault, link=str(PurePosixPath("..", fault.link))) if fault.link else fault
