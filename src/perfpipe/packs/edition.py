"""Write one edition of a pack: PDF, web page, workbook, charts, and the manifest that says what was written.

`board_pack.pdf`, `board_pack.html` and `board_pack.xlsx` are where scripts find them. The same files stand in `to_send`
under names that say whose they are, of which month and edition, and who may read them: a file that is sent takes its
name along.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from perfpipe.ledger.editions import MANIFEST, TO_SEND
from perfpipe.packs.charts.drawing_processes import Drawers, Pictures
from perfpipe.packs.charts.svg import pictures_on, svg_of
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.pdf.board_pdf import write_pdf
from perfpipe.packs.web.board_page import write_page
from perfpipe.packs.workbooks.board_book import write_workbook

WORKBOOK, PDF, PAGE, CHARTS = "board_pack.xlsx", "board_pack.pdf", "board_pack.html", "charts"
CHART_SIZE = (184.0, 70.0)  # mm, of a measure's own chart on the page
READERS = {  # of each audience: who they are, and whether the public is among them
    "board": ("improvement-board", "not-for-publication"),
    "public": ("scrutiny-board", "for-publication"),
    "analyst": ("performance-team", "not-for-publication"),
}
LONGEST_AUTHORITY = 40  # letters of a file's name: Windows has room for 260 in a whole path


def write_edition(
    content: PackContent, folder: Path, manifest: Mapping[str, object], pictures: Mapping[str, bytes] | None = None
) -> list[Path]:
    """Write PDF, web page, workbook, the charts, the files to send and `manifest.json`; give their paths.

    `pictures`: the PNG of the charts of the workbook by their names, if the caller has let them be drawn already.
    The manifest is the one given, with `outputs`: the SHA-256 of each other file by its path in the folder.
    The same content and manifest always give the same bytes.
    """
    if pictures is not None:
        return _write(content, folder, manifest, pictures)
    with Drawers() as drawers:
        pictures = Pictures(drawers)
        for chart in content.headline_charts:
            pictures.begin(chart)
        return _write(content, folder, manifest, pictures)


def _write(
    content: PackContent, folder: Path, manifest: Mapping[str, object], pictures: Mapping[str, bytes]
) -> list[Path]:
    (folder / CHARTS).mkdir(parents=True, exist_ok=True)
    written, charts = [], []
    if content.frame and content.board_pages:
        drawn = pictures_on(content.board_pages)
        write_pdf(content.frame, content.board_pages, drawn, folder / PDF)
        of_measures = {chart.name: svg_of(chart, *CHART_SIZE) for chart in content.charts}
        write_page(content, {**of_measures, **drawn}, folder / PAGE)
        written += [folder / PDF, folder / PAGE]
        charts = [_written(folder / CHARTS / f"{name}.svg", svg.encode()) for name, svg in of_measures.items()]
    written.append(folder / WORKBOOK)
    write_workbook(content, pictures, folder / WORKBOOK)
    written += _copies_to_send(folder, written, name_to_send(content.authority, manifest))
    charts += [_written(folder / CHARTS / f"{name}.png", picture) for name, picture in pictures.items()]
    written += charts
    return [*written, write_manifest(folder, manifest, written)]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def name_to_send(authority: str, manifest: Mapping[str, object]) -> str:
    """`Exampleshire_improvement-board_2018-03_edition-1_not-for-publication`, in letters that every system takes."""
    readers, publication = READERS[str(manifest.get("audience", "board"))]
    kind = str(manifest.get("kind", "edition")).replace("_", "-")
    whose = "-".join(re.findall(r"\w+", authority))[:LONGEST_AUTHORITY].strip("-") or "authority"
    return f"{whose}_{readers}_{manifest['month']}_{kind}-{manifest['edition']}_{publication}"


def _copies_to_send(folder: Path, files: Sequence[Path], name: str) -> list[Path]:
    # copies: links need rights on Windows, and not every share has them
    (folder / TO_SEND).mkdir(exist_ok=True)
    copies = [folder / TO_SEND / f"{name}{path.suffix}" for path in files]
    for path, copy in zip(files, copies, strict=True):
        shutil.copyfile(path, copy)
    return copies


def write_manifest(folder: Path, manifest: Mapping[str, object], written: Sequence[Path]) -> Path:
    """Write `manifest.json`: what it was given, and `outputs`, the SHA-256 of each file written."""
    outputs = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
    text = json.dumps({**manifest, "outputs": outputs}, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return folder / MANIFEST
