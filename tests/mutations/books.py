"""A table as one extract holds it, and how it becomes the bytes of a workbook or a CSV file.

The workbook is written part by part, so that a mutation can write what no spreadsheet library would.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from perfpipe_sample.sheets import CONTENT_TYPES, MAIN, PACKAGE_RELATIONS, RELATIONS, STYLES, WORKBOOK_RELATIONS

STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


@dataclass(frozen=True)
class Xml:
    """A cell written as it stands: its attributes (without `r`), and what is inside."""

    attributes: str = ""
    inside: str = ""


Cell = str | int | float | bool | date | datetime | Xml | None
Row = list[Cell]


@dataclass(frozen=True)
class Table:
    """One extract's table: canonical names (empty: ignored by the layout), headers, records, and what is around them.

    `kind` is xlsx or csv. Records keep Python values; a CSV file shows them as text.
    """

    kind: str
    name: str
    sheet: str
    columns: tuple[str, ...]
    headers: Row
    records: list[Row]
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """All rows from the first of the sheet on."""
        return [*self.above, self.headers, *self.records, *self.below]

    @property
    def first(self) -> int:
        """The row number of the first record."""
        return len(self.above) + 2

    def at(self, column: str) -> int:
        """The position of a canonical column."""
        return self.columns.index(column)

    def with_cells(self, column: str, cells: Mapping[int, Cell]) -> Table:
        """Some cells of one column changed, by the number of the record from 0."""
        position = self.at(column)
        records = [
            [cells[number] if at == position and number in cells else cell for at, cell in enumerate(row)]
            for number, row in enumerate(self.records)
        ]
        return replace(self, records=records)


def data_of(table: Table) -> bytes:
    """The file of a table: its workbook, or its CSV text in UTF-8."""
    return workbook([sheet_of(table)]) if table.kind == "xlsx" else csv_text(table).encode()


def text_of(cell: Cell) -> str:
    """A value as a CSV file shows it."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
        case _:
            return str(cell)


def csv_text(table: Table, delimiter: str = ",", newline: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The text of a table as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([[text_of(cell) for cell in row] for row in table.rows])
    return file.getvalue()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, and what is odd about it."""

    name: str
    rows: Sequence[Sequence[Cell]]
    state: str = ""  # hidden or veryHidden
    hidden: frozenset[int] = frozenset()  # row numbers from 1
    before: str = ""  # XML before sheetData: dimension, cols
    after: str = ""  # XML after sheetData: mergeCells
    references: bool = True  # False: neither rows nor cells say where they are


def sheet_of(table: Table) -> Sheet:
    """The sheet of a table."""
    return Sheet(table.sheet, table.rows)


@dataclass(frozen=True)
class Style:
    """How a workbook is written: `strings` is inline, shared, rich or phonetic; `date1904` shifts the serials too."""

    strings: str = "inline"
    date1904: bool = False
    prefix: str = ""
    strict: bool = False


def workbook(sheets: Sequence[Sheet], style: Style | None = None, extra: Mapping[str, bytes] | None = None) -> bytes:
    """The bytes of a workbook, with further members of the archive where given."""
    return package(parts_of(sheets, style or Style()) | dict(extra or {}))


def package(parts: Mapping[str, bytes]) -> bytes:
    """Members as a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_member(data: bytes, name: str, old: str, new: str) -> bytes:
    """A workbook with a text in one member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    assert old.encode() in parts[name]
    return package(parts | {name: parts[name].replace(old.encode(), new.encode(), 1)})


def parts_of(sheets: Sequence[Sheet], style: Style) -> dict[str, bytes]:
    """The members of a workbook."""
    strings: dict[str, int] = {}
    bodies = [_sheet_xml(sheet, style, strings) for sheet in sheets]
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"'
        f"{f' state={quoteattr(sheet.state)}' if sheet.state else ''}/>"
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    switch = '<workbookPr date1904="1"/>' if style.date1904 else ""
    book = f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{switch}<sheets>{entries}</sheets></workbook>'
    relations = WORKBOOK_RELATIONS.replace('"rId2"', '"rIdStyles"')
    types = CONTENT_TYPES
    for n in numbers[1:]:
        relations = relations.replace("</Relationships>", _relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml"))
        override = f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_type("worksheet")}"/></Types>'
        types = types.replace("</Types>", override)
    parts = {"[Content_Types].xml": types, "_rels/.rels": PACKAGE_RELATIONS, "xl/workbook.xml": book}
    parts |= {f"xl/worksheets/sheet{n}.xml": body for n, body in zip(numbers, bodies, strict=True)}
    if strings:
        relations = relations.replace("</Relationships>", _relation("rIdText", "sharedStrings", "sharedStrings.xml"))
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_type("sharedStrings")}"/></Types>'
        parts["[Content_Types].xml"] = types.replace("</Types>", override)
        items = "".join(f"<si>{_shared(text, style)}</si>" for text in strings)
        parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'
    parts |= {"xl/_rels/workbook.xml.rels": relations, "xl/styles.xml": STYLES}
    if style.strict:
        for name, text in parts.items():
            for ordinary, strict in STRICT.items():
                text = text.replace(ordinary, strict)
            parts[name] = text
    if style.prefix:
        parts |= {name: _prefixed(text, style.prefix) for name, text in parts.items() if "/worksheets/" in name}
    return {name: text.encode() for name, text in parts.items()}


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'


def _type(kind: str) -> str:
    return f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"


def _prefixed(text: str, prefix: str) -> str:
    """The same XML with every element in a prefixed namespace."""
    head, body = text.split("\n", 1)
    body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
    return f"{head}\n" + body.replace('xmlns="', f'xmlns:{prefix}="', 1)


def _sheet_xml(sheet: Sheet, style: Style, strings: dict[str, int]) -> str:
    lines = []
    for number, row in enumerate(sheet.rows, 1):
        cells = []
        for position, value in enumerate(row):
            if value is not None:
                place = f' r="{get_column_letter(position + 1)}{number}"' if sheet.references else ""
                cells.append(_cell_xml(place, value, style, strings))
            elif not sheet.references:
                cells.append("<c/>")
        attributes = f' r="{number}"' if sheet.references else ""
        attributes += ' hidden="1"' if number in sheet.hidden else ""
        lines.append(f"<row{attributes}>{''.join(cells)}</row>")
    data = f"<sheetData>{''.join(lines)}</sheetData>"
    return f'{HEAD}<worksheet xmlns="{MAIN}">{sheet.before}{data}{sheet.after}</worksheet>'


def _cell_xml(place: str, value: Cell, style: Style, strings: dict[str, int]) -> str:
    match value:
        case Xml():
            return f"<c{place} {value.attributes}>{value.inside}</c>"
        case bool():
            return f'<c{place} t="b"><v>{int(value)}</v></c>'
        case str():
            if style.strings == "inline":
                return f'<c{place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
            return f'<c{place} t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
        case datetime():
            return f'<c{place} s="2"><v>{serial(value, style.date1904)}</v></c>'
        case date():
            moment = datetime.combine(value, datetime.min.time())
            return f'<c{place} s="1"><v>{serial(moment, style.date1904)}</v></c>'
        case _:
            return f"<c{place}><v>{value}</v></c>"


def _shared(text: str, style: Style) -> str:
    """One shared string: plain, cut into runs with formats, or with a reading aid that is not part of it."""
    half = len(text) // 2
    if style.strings == "rich":
        runs = [f'<t xml:space="preserve">{escape(part)}</t>' for part in (text[:half], text[half:])]
        return f"<r><rPr><b/></rPr>{runs[0]}</r><r>{runs[1]}</r>"
    aid = '<rPh sb="0" eb="1"><t>aid</t></rPh>' if style.strings == "phonetic" else ""
    return f'<t xml:space="preserve">{escape(text)}</t>{aid}'


def serial(moment: datetime, from_1904: bool = False) -> str:
    """A time as the number of days of a workbook's calendar."""
    since = moment - (EPOCH_1904 if from_1904 else EPOCH)
    return repr(since.days + since.seconds / 86400) if since.seconds else str(since.days)
