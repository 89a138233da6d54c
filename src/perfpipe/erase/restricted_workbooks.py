"""The analyst's restricted workbooks: a note in place of each, the hashes of both in the manifest and the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from perfpipe.ledger.editions import MANIFEST, folder_of
from perfpipe.ledger.erasure_records import ErasedOutput, ErasureKind, ErasureRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing
from perfpipe.storage.files import sha256_of, write_whole

ERASED = "erased"  # in the manifest: each file that went, its hash, the day and why
WHY = {
    ErasureKind.PERSON: "Records that this workbook listed were erased.",
    ErasureKind.RETENTION: "This workbook was older than restricted workbooks are kept.",
}
STAYS = "The figures and the board's pack of this edition stay as they were published."


def restricted_editions(ledger: Ledger) -> list[EditionRecord]:
    """Every edition for analysts."""
    return [each for each in ledger.editions() if each.audience is PackAudience.ANALYST]


def named_editions(workspace: Workspace, ledger: Ledger, pack_ids: Collection[int]) -> tuple[str, ...]:
    """The folders of some editions, as they stand in the workspace."""
    chosen = [each for each in ledger.editions() if each.id in pack_ids]
    return tuple(folder_of(workspace, each).relative_to(workspace.root).as_posix() for each in chosen)


def workbooks_left(workspace: Workspace, edition: EditionRecord) -> list[Path]:
    """The files of an edition in place of which there is no note yet, but for its manifest."""
    folder = folder_of(workspace, edition)
    manifest = _manifest(folder)
    gone = {each["file"] for each in manifest.get(ERASED, [])}
    return [folder / name for name in manifest.get("outputs", {}) if name not in gone]


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def put_notes(workspace: Workspace, ledger: Ledger, edition: EditionRecord, erasure: ErasureRecord) -> None:
    """Put a note in place of each workbook of an edition. What was done before a kill is found in the manifest."""
    folder = folder_of(workspace, edition)
    manifest = _manifest(folder)
    if not manifest:
        return
    outputs: Mapping[str, str] = manifest["outputs"]
    before = manifest.get(ERASED, [])
    going = [name for name in outputs if name not in {each["file"] for each in before}]
    day = f"{erasure.begun_at:%Y-%m-%d}"
    notes = {name: _note(folder / name, erasure, day) for name in going}
    for name, note in notes.items():
        write_whole(folder / name, note)
    told = [{"file": name, "sha256": outputs[name], "on": day, "reason": erasure.reason} for name in going]
    hashes = {name: hashlib.sha256(note).hexdigest() for name, note in notes.items()}
    changed = {**manifest, "outputs": {**outputs, **hashes}, ERASED: [*before, *told]}
    text = json.dumps(changed, indent=2, sort_keys=True, ensure_ascii=False)
    write_whole(folder / MANIFEST, f"{text}\n".encode())
    record(workspace, ledger, edition, erasure.id)


def record(workspace: Workspace, ledger: Ledger, edition: EditionRecord, erasure_id: int) -> None:
    """Record in the ledger which notes stand in an edition, as its manifest says."""
    folder = folder_of(workspace, edition)
    manifest, sha256 = _manifest(folder), sha256_of(folder / MANIFEST)
    if ERASED not in manifest or sha256 is None or sha256 == edition.manifest_sha256:
        return
    outputs = [
        ErasedOutput(edition.id, each["file"], erasure_id, each["sha256"], manifest["outputs"][each["file"]])
        for each in manifest[ERASED]
    ]
    with ledger.writing():
        ledger.replace_outputs(outputs, edition.id, sha256)


def _note(path: Path, erasure: ErasureRecord, day: str) -> bytes:
    """One page that says what stood here; the same bytes whenever it is written."""
    words = [f"Erased on {day}", WHY[erasure.kind], f"Reason: {erasure.reason.replace('_', ' ')}.", STAYS]
    if path.suffix.lower() != ".xlsx":
        return "\n".join(words).encode()
    from openpyxl import Workbook

    from perfpipe.packs.workbooks.cells import put, title, widths
    from perfpipe.stable_workbooks import save_workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Erased"
    widths(sheet, 100)
    row = title(sheet, words[0])
    for number, text in enumerate(words[1:], row):
        put(sheet, number, 1, text)
    workbook.properties.title, workbook.properties.language = words[0], "en-GB"
    beside = path.with_name(f".{path.name}.note.part")
    with storing(beside):
        save_workbook(workbook, beside)
        content = beside.read_bytes()
        beside.unlink()
    return content
