"""Save openpyxl workbooks so that the same content always gives the same bytes."""

from __future__ import annotations

import os
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

SAVED_AT = datetime(2017, 1, 1)  # noqa: DTZ001 - a workbook's properties carry no time zone
MEMBER_DATE = (2017, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16


def save_workbook(workbook: Workbook, path: Path) -> None:
    """Write a workbook, whole or not at all, without the time of writing in its properties or its archive.

    A write-only workbook can be saved once, as with openpyxl's own `save`.
    """
    workbook.properties.created = workbook.properties.modified = SAVED_AT
    stamped = BytesIO()
    with ZipFile(stamped, "w") as archive:  # stored: it is compressed once, below
        ExcelWriter(workbook, archive).write_data()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with ZipFile(stamped) as source, ZipFile(beside, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(_member(name), source.read(name))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _member(name: str) -> ZipInfo:
    """An archive member with a fixed date, system and permissions."""
    member = ZipInfo(name, MEMBER_DATE)
    member.compress_type = ZIP_DEFLATED
    member.create_system = 0
    member.external_attr = READABLE_BY_ALL
    return member
