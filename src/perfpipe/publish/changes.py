"""What changed in settings, plan and corrections since the run before: each key, and never a value."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from perfpipe.dates.months import Month
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import RunRecord, RunState
from perfpipe.plan.write import EARLIER
from perfpipe.settings.corrections import FILE as CORRECTIONS
from perfpipe.settings.corrections import Correction, load_corrections
from perfpipe.settings.kept_settings import SETTINGS, kept_file
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

GONE = object()


def changes_since_last_run(ledger: Ledger, workspace: Workspace, run: RunRecord) -> list[EventRecord]:
    """An event for each key that differs from the run before, whatever its month; none where its files are gone.

    Both runs' files must have been kept already.
    """
    before = [each for each in ledger.runs() if each.kept and each.state is not RunState.IMPORTED]
    if not before:
        return []
    last = before[-1]
    plans = [workspace.root / EARLIER / f"{each.plan_sha256}.toml" for each in (last, run)]
    settings = [_kept(workspace, each, SETTINGS) for each in (last, run)]
    changed = [change for change in _changed_keys(*settings) if not change[0].startswith("accepted.")]  # told below
    found = [(EventKind.SETTING_CHANGED, *change) for change in changed]
    found += [(EventKind.FAULT_ACCEPTED, *change) for change in _accepted(*settings)]
    found += [(EventKind.PLAN_CHANGED, *change) for change in _changed_keys(*plans)]
    events = [EventRecord(run.run_at, "", run.login, kind, run.month, key, what) for kind, key, what in found]
    corrections = [_corrections(_kept(workspace, each, CORRECTIONS)) for each in (last, run)]
    return [*events, *_corrected(corrections[0], corrections[1], run.run_at, run.login, run.month)]


def _accepted(before: Path | None, now: Path | None) -> Iterator[tuple[str, str]]:
    """Each fault that was accepted, or is no more: the rule, the extract, and the reason."""
    if before is None or not before.is_file():
        return
    old, new = (_toml(path).get("accepted", []) for path in (before, now))
    for entries, others, what in ((new, old, "added"), (old, new, "removed")):
        for each in entries:
            if each not in others:
                yield f"{each['rule']} of extract {each['extract'][:12]}", f"{what}: {each['reason']}"


def _toml(path: Path | None) -> dict[str, Any]:
    return tomllib.loads(path.read_bytes().decode("utf-8-sig")) if path and path.is_file() else {}


def _kept(workspace: Workspace, run: RunRecord, name: str) -> Path | None:
    return kept_file(workspace, name, run.kept[name]) if name in run.kept else None


def _changed_keys(before: Path | None, now: Path | None) -> Iterator[tuple[str, str]]:
    """Each key of two TOML files that was added, changed or removed."""
    if before == now or before is None or now is None or not before.is_file() or not now.is_file():
        return
    old, new = (dict(_leaves(_toml(path))) for path in (before, now))
    for key in dict.fromkeys((*old, *new)):
        if old.get(key, GONE) != new.get(key, GONE):
            yield key, "added" if key not in old else "removed" if key not in new else "changed"


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """The values of a TOML file by their keys, places of lists counted from 0: `layouts.placements.0.since`."""
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        parts = list(enumerate(value))
    else:
        yield key, value
        return
    for name, each in parts:
        yield from _leaves(each, f"{key}.{name}" if key else str(name))


def _corrections(path: Path | None) -> list[Correction]:
    try:
        return list(load_corrections(path)) if path else []
    except SettingsError:
        return []


def _corrected(
    before: list[Correction], now: list[Correction], at: datetime, login: str, month: Month
) -> Iterator[EventRecord]:
    """Entries added and removed: dataset, column, day and reason, which pages show as well."""
    for entries, others, what in ((now, before, "added"), (before, now, "removed")):
        for each in entries:
            if each not in others:
                about = f"{each.dataset}.{each.column}"
                why = f"{what}, dated {each.date}: {each.reason}"
                yield EventRecord(at, each.by, login, EventKind.CORRECTION_CHANGED, month, about, why)
