"""Write a workbook of one plain sheet, five times as fast as openpyxl: the sample has a million cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from perfpipe.stable_workbooks import write_package
from perfpipe_sample.cells import Cell

DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
DATE_STYLE, INSTANT_STYLE = 1, 2  # positions in cellXfs, below
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_sheet(path: Path, name: str, rows: Sequence[Sequence[Cell]], hidden: Collection[int] = ()) -> None:
    """Write rows, from the first row on, as the only sheet of a workbook; `hidden` has row numbers from 1."""
    lines = [_row(number, row, number in hidden) for number, row in enumerate(rows, 1)]
    sheet = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    workbook = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONS,
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet,
    }
    write_package(path, {part: text.encode() for part, text in parts.items()})


def _row(number: int, row: Sequence[Cell], hidden: bool) -> str:
    cells = [_cell(f"{_letter(column)}{number}", value) for column, value in enumerate(row, 1) if value is not None]
    attributes = f'r="{number}" hidden="1"' if hidden else f'r="{number}"'
    return f"<row {attributes}>{''.join(cells)}</row>"


def _cell(address: str, value: Cell) -> str:
    match value:
        case str():
            return f'<c r="{address}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case datetime():
            return f'<c r="{address}" s="{INSTANT_STYLE}"><v>{_serial(value)}</v></c>'
        case date():
            return f'<c r="{address}" s="{DATE_STYLE}"><v>{(value - DAY_ZERO.date()).days}</v></c>'
        case _:
            return f'<c r="{address}"><v>{value}</v></c>'


def _serial(moment: datetime) -> str:
    since = moment - DAY_ZERO
    return str(since.days) if moment.time() == time() else repr(since.days + since.seconds / 86400)


@cache
def _letter(column: int) -> str:
    letter: str = get_column_letter(column)
    return letter
