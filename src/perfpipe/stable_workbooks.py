"""Save workbooks so that the same content always gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

SAVED_AT = datetime(2017, 1, 1)  # noqa: DTZ001 - a workbook's properties carry no time zone
MEMBER_DATE = (2017, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Write an openpyxl workbook, without the time of writing in its properties or its archive.

    A write-only workbook can be saved once, as with openpyxl's own `save`.
    """
    workbook.properties.created = workbook.properties.modified = SAVED_AT
    stamped = BytesIO()
    with ZipFile(stamped, "w") as archive:  # stored: it is compressed once, below
        ExcelWriter(workbook, archive).write_data()
    with ZipFile(stamped) as archive:
        write_package(path, {name: archive.read(name) for name in archive.namelist()})


def write_package(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write the parts of a workbook as a zip archive, whole or not at all: beside, then renamed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with ZipFile(beside, "w", ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(_member(name), content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _member(name: str) -> ZipInfo:
    """An archive member with a fixed date, system and permissions."""
    member = ZipInfo(name, MEMBER_DATE)
    member.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED  # a PNG is compressed already
    member.create_system = 0
    member.external_attr = READABLE_BY_ALL
    return member
