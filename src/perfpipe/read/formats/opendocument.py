"""What the parser hides in an OpenDocument spreadsheet (.ods): errors, formulas without value, merged, hidden cells.

Runs in the child process. Errors are marked by LibreOffice as `calcext:value-type="error"`, by others only as text
of a formula's cell. Source: OpenDocument 1.3 part 3, section 9.1.
"""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

from perfpipe.read.formats.container import FileRefusal, SheetMarks, WorkbookMarks
from perfpipe.rules.cells import ERROR_TEXT
from perfpipe.rules.containers import ODS_ENCRYPTED

HIDDEN = ("collapse", "filter")


def inspect_ods(package: zipfile.ZipFile, names: dict[str, str], limits: dict[str, int]) -> WorkbookMarks:
    """What was seen in an .ods, its sheets by name. Raises Refused for a password and for cells too far out."""
    if "meta-inf/manifest.xml" in names and b"encryption-data" in package.read(names["meta-inf/manifest.xml"]):
        raise FileRefusal(ODS_ENCRYPTED, "a file protected by a password")
    book = WorkbookMarks(macros=any(name.startswith(("basic/", "scripts/")) and name[-1] != "/" for name in names))
    with package.open(names["content.xml"]) as stream:
        depth, sheet, seen, row, count, column, columns = 0, "", SheetMarks(), 0, 1, 0, 0
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            name = element.tag.rpartition("}")[2]
            if name == "table":
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    sheet, seen, row, columns = _attribute(element, "name"), SheetMarks(), 0, 0
                elif depth == 0:
                    book.sheets[sheet] = seen
                    element.clear()
            elif depth != 1:
                if name == "null-date" and _attribute(element, "date-value").startswith("1904"):
                    book.from_1904 = True
            elif name == "table-column" and event == "end":
                wide = _repeated(element, "columns")
                if _attribute(element, "visibility") in HIDDEN:
                    seen.hidden_columns += range(columns, min(columns + wide, limits["columns"]))
                columns += wide
            elif name == "table-row" and event == "start":
                column, count = 0, _repeated(element, "rows")
            elif name == "table-row":
                if _attribute(element, "visibility") in HIDDEN:
                    seen.hidden_rows += range(row, min(row + count, limits["rows"]))
                _spread(seen, row, count)
                row += count
                element.clear()
            elif name in ("table-cell", "covered-table-cell") and event == "end":
                column = _cell(seen, element, (row, row + count), column, limits)
    return book


def _attribute(element: ElementTree.Element, name: str, prefix: str = "") -> str:
    """An attribute by its local name, of the namespace that ends in `prefix`."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name and prefix in k), "")


def _repeated(element: ElementTree.Element, of: str) -> int:
    stated = _attribute(element, f"number-{of}-repeated")
    return int(stated) if stated.isdecimal() else 1


def _spread(seen: SheetMarks, row: int, count: int) -> None:
    """Findings of a row that stands for several."""
    if count > 1:
        alike = [finding for finding in seen.findings if finding[0] == row]
        seen.findings += [(row + n, *finding[1:]) for n in range(1, count) for finding in alike]


def _cell(
    seen: SheetMarks, cell: ElementTree.Element, rows: tuple[int, int], column: int, limits: dict[str, int]
) -> int:
    """Note what a cell is, of a row that stands for those from `rows[0]` to before `rows[1]`; the column after it."""
    row, end = rows
    count = _repeated(cell, "columns")
    kind = _attribute(cell, "value-type", "office")
    formula = _attribute(cell, "formula")
    text = "".join("".join(part.itertext()) for part in cell if part.tag.endswith("}p"))
    if (kind or formula) and (end > limits["rows"] or column + count > limits["columns"]):
        raise FileRefusal.too_large(limits)
    found = ""
    if _attribute(cell, "value-type", "calc") == "error" or (formula and ERROR_TEXT.fullmatch(text)):
        found = "e"
    elif formula and not kind:
        found = "f"
    if found:
        seen.findings += [(row, column + n, found, "") for n in range(count)]
    across, down = _attribute(cell, "number-columns-spanned"), _attribute(cell, "number-rows-spanned")
    if (across or "1", down or "1") != ("1", "1"):
        seen.merged.append((row, column, row + int(down or 1) - 1, column + int(across or 1) - 1))
    return column + count
