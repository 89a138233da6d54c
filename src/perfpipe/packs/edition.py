"""Write one edition of a pack: workbook, charts, and the manifest that says what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from perfpipe.ledger.editions import MANIFEST
from perfpipe.packs.charts.drawing_processes import Drawers, Pictures
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.board_book import write_workbook

WORKBOOK, CHARTS = "board_pack.xlsx", "charts"


def write_edition(
    content: PackContent, folder: Path, manifest: Mapping[str, object], pictures: Mapping[str, bytes] | None = None
) -> list[Path]:
    """Write `board_pack.xlsx`, `charts/<name>.png` and `manifest.json`; give their paths.

    `pictures`: the PNG of every chart by its name, if the caller has let them be drawn already.
    The manifest is the one given, with `outputs`: the SHA-256 of each other file by its path in the folder.
    The same content and manifest always give the same bytes.
    """
    if pictures is None:
        with Drawers() as drawers:
            pictures = Pictures(drawers)
            for chart in content.charts:
                pictures.begin(chart)
            return write_edition(content, folder, manifest, pictures)
    (folder / CHARTS).mkdir(parents=True, exist_ok=True)
    written = [folder / WORKBOOK]
    write_workbook(content, pictures, folder / WORKBOOK)
    for name, picture in pictures.items():
        path = folder / CHARTS / f"{name}.png"
        path.write_bytes(picture)
        written.append(path)
    return [*written, write_manifest(folder, manifest, written)]


def write_manifest(folder: Path, manifest: Mapping[str, object], written: Sequence[Path]) -> Path:
    """Write `manifest.json`: what it was given, and `outputs`, the SHA-256 of each file written."""
    outputs = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
    text = json.dumps({**manifest, "outputs": outputs}, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return folder / MANIFEST
