"""An entry of `corrections.toml`, added to what the file has, after the whole has been read as a run will read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import tomlkit

from perfpipe.settings.corrections import FILE, load_corrections
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing
from perfpipe.storage.files import write_whole
from perfpipe.storage.private_folder import private_folder

Entry = Mapping[str, str | date | Mapping[str, str]]


def add_entry(workspace: Workspace, entry: Entry) -> None:
    """Add a correction. Raises SettingsError, without a value, where it or the file cannot be; then nothing is written.

    `entry` has the keys of the file: dataset, key, column, from, to, reason, by, date.
    """
    path = workspace.root / FILE
    with storing(path, "read"):
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    text = "\n\n".join(filter(None, (before.rstrip(), _text(entry)))) + "\n"
    with private_folder() as folder:
        tried = folder / FILE
        tried.write_text(text, encoding="utf-8")
        load_corrections(tried)
    write_whole(path, text.encode())


def _text(entry: Entry) -> str:
    table = tomlkit.table()
    for name, value in entry.items():
        if isinstance(value, Mapping):
            inline = tomlkit.inline_table()
            inline.update(value)
            table.append(name, inline)
        else:
            table.append(name, value)
    entries = tomlkit.aot()
    entries.append(table)
    document = tomlkit.document()
    document.append("corrections", entries)
    return tomlkit.dumps(document).strip()
