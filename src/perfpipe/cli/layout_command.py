"""The command that drafts a layout from a file: `perfpipe layout`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.cli.words import DONE, Where, at, exporting, say

if TYPE_CHECKING:
    from perfpipe.draft_layout.draft import Draft
    from perfpipe.draft_layout.source_table import SourceTable


def layout(
    file: Path, *, dataset: str = "", sheet: str = "", to: Path = Path("layout-draft.toml"), workspace: Where = Path()
) -> int:
    """Draft a layout from an export: which column is which, forms of dates, words to map. You look, edit, accept.

    Writes a table for perfpipe.toml into a file, each line with its evidence; what is unsure is marked UNSURE. Nothing
    is changed and nothing is guessed at run time. The draft holds words of the export: treat it as you treat that.

    Parameters
    ----------
    file
        The export as it came.
    dataset
        Which dataset it is; without it, the one whose columns fit best.
    sheet
        The sheet; without it, the one with the largest table.
    to
        The file to write; one that exists is not overwritten.
    """
    from perfpipe.cli.dataset_guide import dataset_of
    from perfpipe.draft_layout.draft import dataset_for, draft_layout
    from perfpipe.draft_layout.source_table import source_table
    from perfpipe.settings.settings import FileLimits, SettingsError

    if to.exists():
        raise SettingsError([f"{to} already exists; name another file with --to"])
    table = source_table(file, FileLimits(), sheet, os.environ.get("PERFPIPE_PASSWORD", ""))
    draft = draft_layout(table, dataset_of(dataset) if dataset else dataset_for(table))
    with exporting(at(workspace)):
        to.write_text(draft.text, encoding="utf-8")
    _tell(table, draft)
    say(f"words of coded columns to map: {draft.words_to_map}. Edit {to}, then add it to perfpipe.toml.")
    print(to.resolve())
    return DONE


def _tell(table: SourceTable, draft: Draft) -> None:
    where = f"sheet {table.sheet}, " if table.sheet else ""
    say(f"{table.file}: {where}headers in row {table.header_row}, {table.rows} records; taken for {draft.dataset.id}")
    if table.alike:
        say(f"other sheets with the same headers: {len(table.alike)}; the draft says how to read them together")
    # the first row of a file without headers is about a child: only what is surely a header is shown here
    for match in draft.matches:
        header = f" ({match.source.header})" if match.is_sure else ""
        unsure = "" if match.is_sure else "? "
        print(f"{unsure}{match.column.name}: column {match.source.letter}{header}, {match.evidence}")
    for name in draft.missing:
        print(f"! {name}: must be there; no header looked like it")
    if draft.ignored:
        say(f"columns that nothing was found for: {len(draft.ignored)}; the draft lists them")
