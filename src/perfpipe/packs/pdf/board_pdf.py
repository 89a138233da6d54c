"""Write the pages of a pack as PDF/UA-1 by typst: the same content always gives the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from perfpipe.packs.charts.letters import FONTS
from perfpipe.packs.models.blocks import BoardPage, PageFrame
from perfpipe.packs.pdf.page_data import pack_data
from perfpipe.packs.pdf.typesetting import PackToSet
from perfpipe.storage.failures import MachineFailure

TEMPLATES = Path(__file__).parent
KILLED = (
    "The PDF could not be made: the process that typesets it was killed from outside. The machine may be short of "
    "memory: close other programs, then run the command again."
)


def write_pdf(frame: PageFrame, pages: Sequence[BoardPage], pictures: Mapping[str, str], path: Path) -> None:
    """Write the PDF. `pictures`: the SVG of every picture on the pages, by its id."""
    path.write_bytes(pdf_of(frame, pages, pictures))


def pdf_of(frame: PageFrame, pages: Sequence[BoardPage], pictures: Mapping[str, str]) -> bytes:
    """The PDF. Raises RuntimeError where typst refuses or warns, MachineFailure where its process was killed."""
    pack = json.dumps(pack_data(frame, pages, pictures), ensure_ascii=False)
    template = TEMPLATES / "board_pack.typ"
    request = PackToSet(template=str(template), root=str(TEMPLATES), fonts=str(FONTS), pack=pack)
    command = [sys.executable, "-P", "-m", "perfpipe.packs.pdf.typesetting"]
    child = subprocess.run(command, input=json.dumps(request).encode(), capture_output=True, check=False)
    if child.returncode < 0:
        raise MachineFailure(KILLED)
    if child.returncode or not child.stdout:
        said = child.stderr.decode("utf-8", "replace").strip()
        raise RuntimeError(said if child.returncode == 1 and said else "the PDF could not be made")
    return child.stdout
