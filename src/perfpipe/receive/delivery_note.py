"""The delivery note: when the files of a folder arrived and when the source made them, as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from perfpipe.dates.months import to_utc
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.ledger.records import DeliveryRecord
from perfpipe.receive.arrived_files import is_plain_file, shown_name
from perfpipe.rules.arrivals import (
    DELIVERY_NOTE,
    DELIVERY_NOTE_CHANGED,
    DELIVERY_NOTE_NOT_A_FILE,
    DELIVERY_NOTE_NOT_OPENED,
    DELIVERY_NOTE_UNUSED,
)
from perfpipe.rules.rule import Rule
from perfpipe.storage.failures import failure_of, is_of_machine
from perfpipe.toml_files.parse import parse_toml

NOTE = "delivery.toml"
Note = dict[str, dict[str, datetime]]  # by file name, `*` for all others


def read_note(path: Path) -> tuple[Note, list[Fault]]:
    """For each file name (`*`: all others), when it arrived and when the source made it, as far as declared."""
    if not path.is_symlink() and not path.exists():
        return {}, []
    place = f"{path.parent.name}/{NOTE}"
    if not is_plain_file(path):
        return {}, [arrival_fault(DELIVERY_NOTE_NOT_A_FILE, place, "a link, a folder or a device")]
    try:
        note = parse_toml(path.read_bytes())
        files = {"*": {key: value for key, value in note.items() if key != "files"}, **note.get("files", {})}
        return {name: {key: _moment(key, value) for key, value in entry.items()} for name, entry in files.items()}, []
    except OSError as error:
        if is_of_machine(error):
            raise failure_of(error, path, "read") from None
        return {}, [arrival_fault(DELIVERY_NOTE_NOT_OPENED, place, f"not readable ({type(error).__name__})")]
    except (ValueError, AttributeError, TypeError) as error:
        problem = str(error) if isinstance(error, ValueError) else "`files` must hold one table for each file name"
        return {}, [arrival_fault(DELIVERY_NOTE, place, f"not readable: {problem}")]


def _moment(key: str, value: object) -> datetime:
    if key not in ("delivered_on", "extracted_at") or not isinstance(value, date):
        raise ValueError(f"{shown_name(key)} is not a key with a date that a delivery note can have")
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0) if key == "delivered_on" else time(23, 59, 59))
    return value.astimezone(UTC) if value.tzinfo else to_utc(value)


def changed_note(folder: str, name: str, declared: Mapping[str, datetime], last: DeliveryRecord) -> list[Fault]:
    """A delivery note counts when its file is received; what it says afterwards has no effect, and that is said."""
    then = {"delivered_on": last.received_at, "extracted_at": last.declared_at}
    changed = [key for key, moment in declared.items() if moment != then[key]]
    if not changed:
        return []
    found = f"says another {' and '.join(changed)} of {name} than when the file was received"
    return [arrival_fault(DELIVERY_NOTE_CHANGED, f"{folder}/{NOTE}", found)]


def note_for_nobody(folder: str, name: str) -> Fault:
    """The fault of a note that names a file which is not there."""
    return arrival_fault(DELIVERY_NOTE_UNUSED, f"{folder}/{NOTE}", f"names {name!r}, which is not in the folder")


def arrival_fault(rule: Rule, file: str, found: str) -> Fault:
    """A fault of a file or folder as it arrives: of no dataset yet."""
    return fault_of(rule, Address("", file), found)
