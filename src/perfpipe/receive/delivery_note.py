"""The delivery note: when the files of a folder arrived and when the source made them, as far as somebody knows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from perfpipe.datasets.definition import Severity
from perfpipe.dates.months import to_utc
from perfpipe.faults.fault import Fault
from perfpipe.receive.arrived_files import is_plain_file, shown_name

NOTE = "delivery.toml"
Note = dict[str, dict[str, datetime]]  # by file name, `*` for all others


def read_note(path: Path) -> tuple[Note, list[Fault]]:
    """For each file name (`*`: all others), when it arrived and when the source made it, as far as declared."""
    if not path.is_symlink() and not path.exists():
        return {}, []
    if not is_plain_file(path):
        do = "Put the note itself here."
        return {}, [arrival_fault(f"{path.parent.name}/{NOTE}", "delivery_note", "a link, a folder or a device", do)]
    try:
        note = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        files = {"*": {key: value for key, value in note.items() if key != "files"}, **note.get("files", {})}
        return {name: {key: _moment(key, value) for key, value in entry.items()} for name, entry in files.items()}, []
    except OSError as error:
        found = f"not readable ({type(error).__name__})"
        return {}, [arrival_fault(f"{path.parent.name}/{NOTE}", "delivery_note", found, "Check that you may read it.")]
    except (ValueError, AttributeError, TypeError) as error:
        problem = str(error) if isinstance(error, ValueError) else "`files` holds one table for each file's name"
        do = 'Write `delivered_on = 2017-05-06`, and `extracted_at` likewise, at the top or under [files."name.xlsx"].'
        return {}, [arrival_fault(f"{path.parent.name}/{NOTE}", "delivery_note", f"not readable: {problem}", do)]


def _moment(key: str, value: object) -> datetime:
    if key not in ("delivered_on", "extracted_at") or not isinstance(value, date):
        raise ValueError(f"{shown_name(key)} is not a key with a date that a delivery note has")
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0) if key == "delivered_on" else time(23, 59, 59))
    return value.astimezone(UTC) if value.tzinfo else to_utc(value)


def changed_note(folder: str, name: str, declared: Mapping[str, datetime], last: Mapping[str, Any]) -> list[Fault]:
    """A delivery note counts when its file is received; what it says afterwards has no effect, and that is said."""
    then = {"delivered_on": last["received_at"], "extracted_at": last["declared_at"]}
    changed = [key for key, moment in declared.items() if moment != then[key]]
    if not changed:
        return []
    found = f"says another {' and '.join(changed)} of {name} than when the file was received"
    do = "Put the note back as it was. To change it, withdraw the extract and send the file under another name."
    return [arrival_fault(f"{folder}/{NOTE}", "delivery_note_changed", found, do, Severity.WARN)]


def note_for_nobody(folder: str, name: str) -> Fault:
    """The fault of a note that names a file which is not there."""
    do = "Correct the file's name in the note; names count letter by letter."
    found = f"names {name!r}, which is not in the folder"
    return arrival_fault(f"{folder}/{NOTE}", "delivery_note_unused", found, do, Severity.WARN)


def arrival_fault(file: str, rule: str, found: str, do: str, severity: Severity = Severity.STOP) -> Fault:
    """A fault of a file or folder as it arrives."""
    expected = "files of extracts in folders named by month or financial year"
    return Fault("", file, "", 0, "", rule, severity, found, expected, do)
