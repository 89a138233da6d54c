"""What goes wrong with whole files: encodings, delimiters, archives, XML, limits, and the wrong file at the door."""

from __future__ import annotations

import codecs
import csv
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.mutations.books import Style, csv_text, data_of, package, parts_of, sheet_of, workbook
from tests.mutations.cases import Case
from tests.mutations.cell_damage import mutant
from tests.mutations.harness import Mutant, MutationClass
from tests.mutations.rule_sets import ARRIVAL, COLUMNS, DATE_SENSE, DATES, FILE, VALUES, rules

MB = 2**20


def _is_csv(case: Case) -> bool:
    return case.table.kind == "csv"


def _parts(case: Case, style: Style | None = None) -> dict[str, bytes]:
    return parts_of([sheet_of(case.table)], style or Style())


# encodings -----------------------------------------------------------------------------------------------------------


def encoded(encoding: str, bom: bytes = b"") -> Callable[[Case, Random], Mutant | None]:
    """The CSV text in another encoding."""

    def other_encoding(case: Case, rng: Random) -> Mutant | None:
        text = csv_text(case.table)
        if not _is_csv(case) or text.isascii():
            return None
        return mutant(case, encoding, data=bom + text.encode(encoding, "replace"))

    return other_encoding


def garbled(case: Case, rng: Random) -> Mutant | None:
    """UTF-8 once taken for cp1252 and saved again: \u00e2\u20ac\u2122 for an apostrophe."""
    text = csv_text(case.table)
    if not _is_csv(case) or text.isascii():
        return None
    return mutant(case, "saved twice in two encodings", data=text.encode().decode("cp1252", "replace").encode())


def question_marks(case: Case, rng: Random) -> Mutant | None:
    """Letters beyond ASCII replaced by the sign for what could not be read."""
    text = csv_text(case.table)
    if not _is_csv(case) or text.isascii():
        return None
    return mutant(case, "replacement signs", data=text.encode("cp1252").decode("ascii", "replace").encode())


def half_and_half(case: Case, rng: Random) -> Mutant | None:
    """Two files of two encodings put together."""
    text = csv_text(case.table)
    if not _is_csv(case) or text.isascii():
        return None
    lines = text.splitlines(keepends=True)
    half = len(lines) // 2
    data = "".join(lines[:half]).encode() + "".join(lines[half:]).encode("cp1252")
    return mutant(case, "two encodings in one file", data=data) if not "".join(lines[half:]).isascii() else None


# truncation ----------------------------------------------------------------------------------------------------------


def cut(case: Case, rng: Random) -> Mutant | None:
    """The file cut anywhere; a CSV file in the middle of a row."""
    data = data_of(case.table)
    at = rng.randrange(10, len(data) - 10)
    if _is_csv(case):
        while data[at - 1 : at] in (b"\r", b"\n") or data[at : at + 1] in (b"\r", b"\n"):
            at -= 1
    return mutant(case, f"cut after {at} of {len(data)} bytes", data=data[:at])


def last_field_cut(case: Case, rng: Random) -> Mutant | None:
    """A CSV file cut in its last field."""
    if not _is_csv(case):
        return None
    lines = csv_text(case.table).splitlines()
    keep = rng.randrange(len(lines) // 4, len(lines) - 2)
    text = "\r\n".join(lines[: keep + 1])
    return mutant(case, "cut within the last fields of a row", data=text[: -rng.randint(1, 4)].encode())


def bytes_flipped(case: Case, rng: Random) -> Mutant | None:
    """Some bytes of a workbook changed on the way."""
    if _is_csv(case):
        return None
    data = bytearray(data_of(case.table))
    for _ in range(40):
        data[rng.randrange(200, len(data) - 100)] ^= 0xFF
    return mutant(case, "bytes flipped", data=bytes(data))


def member_gone(case: Case, rng: Random) -> Mutant | None:
    """A member of the workbook missing."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    gone = rng.choice(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
    return mutant(case, f"without {gone}", data=package({n: c for n, c in parts.items() if n != gone}))


def not_a_file_of_its_kind(case: Case, rng: Random) -> Mutant | None:
    """A web page, a picture, or a CSV text under a workbook's name, and the other way round."""
    other = rng.choice(
        (
            b"<html><table><tr><td>1</td></tr></table></html>",
            b"\x89PNG\r\n\x1a\n" + bytes(200),
            b"\x00" * 500,
            b"%PDF-1.4",
        )
    )
    return mutant(case, "another kind of file", data=other)


# bombs and tricks ----------------------------------------------------------------------------------------------------


def zip_bomb(case: Case, rng: Random) -> Mutant | None:
    """A member that unpacks to far more than is allowed; its size may lie."""
    if _is_csv(case):
        return None
    kind = rng.choice(("honest", "lying"))
    size = 1100 if kind == "honest" else 60
    parts = _parts(case)
    body = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData></worksheet>", b"")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            member.write(body)
            for _ in range(size // 20):
                member.write(b" " * (20 * MB))
    data = file.getvalue()
    if kind == "lying":
        data = data.replace(struct.pack("<L", len(body) + 60 * MB), struct.pack("<L", 1000))
    return mutant(case, f"zip bomb, {kind}", data=data)


def many_members(case: Case, rng: Random) -> Mutant | None:
    """Thousands of further members, harmless but for their number."""
    if _is_csv(case):
        return None
    extra = {f"xl/media/{n}.bin": b"x" for n in range(5000)}
    return mutant(case, "5,000 members more", data=workbook([sheet_of(case.table)], extra=extra))


def entity_bomb(case: Case, rng: Random) -> Mutant | None:
    """Entities that unfold to billions of letters, or that fetch a file."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    name = rng.choice(("xl/worksheets/sheet1.xml", "xl/workbook.xml"))
    laughs = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    kind = rng.choice((f"<!DOCTYPE x [{laughs}]>", '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'))
    text = parts[name].decode().replace("\n", f"\n{kind}", 1)
    use = "<c><v>&j;</v></c></row>" if name.endswith("sheet1.xml") else ""
    text = text.replace("</row>", use, 1) if use else text
    return mutant(case, "entities", data=package(parts | {name: text.encode()}))


def traversal(case: Case, rng: Random) -> Mutant | None:
    """Names in the archive that lead out of it."""
    if _is_csv(case):
        return None
    name = rng.choice(
        ("../../../tmp/perfpipe-evil", "/tmp/perfpipe-evil", "..\\..\\evil", "C:\\evil", "xl/../../evil", "xl/\x01.xml")
    )
    return mutant(case, f"a member {name!r}", data=workbook([sheet_of(case.table)], extra={name: b"evil"}))


def member_twice(case: Case, rng: Random) -> Mutant | None:
    """Two members of one name: last month's sheet, and this month's."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    other = parts_of([sheet_of(replace(case.before, sheet=case.table.sheet))], Style())["xl/worksheets/sheet1.xml"]
    file = io.BytesIO()
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        order = [other, parts["xl/worksheets/sheet1.xml"]]
        for name, content in parts.items():
            for body in (order if rng.random() < 0.5 else order[::-1]) if name.endswith("sheet1.xml") else [content]:
                archive.writestr(name, body)
    return mutant(case, "two members of one name", data=file.getvalue())


def target_outside(case: Case, rng: Random) -> Mutant | None:
    """The sheet's relation points elsewhere."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    rels = parts["xl/_rels/workbook.xml.rels"]
    target = rng.choice(
        (b"../../../../etc/passwd", b"/xl/worksheets/sheet1.xml", b"file:///etc/passwd", b"worksheets/sheet9.xml")
    )
    return mutant(
        case,
        f"target {target!r}",
        data=package(parts | {"xl/_rels/workbook.xml.rels": rels.replace(b"worksheets/sheet1.xml", target)}),
    )


# limits --------------------------------------------------------------------------------------------------------------


def far_cell(case: Case, rng: Random) -> Mutant | None:
    """A filled cell far out."""
    if _is_csv(case):
        return None
    address = rng.choice(("XFD1048576", "A1048576", "XFD3", "B400001", "SG9", "ZZ999999"))
    row = "".join(letter for letter in address if letter.isdigit())
    parts = _parts(case)
    cell = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", cell)
    return mutant(case, f"a cell at {address}", data=package(parts | {"xl/worksheets/sheet1.xml": sheet}))


def lying_dimension(case: Case, rng: Random) -> Mutant | None:
    """A dimension that says more or less than there is."""
    if _is_csv(case):
        return None
    area = rng.choice(("A1:XFD1048576", "A1", "A1:B2", "C7:D9", "nonsense"))
    sheet = replace(sheet_of(case.table), before=f'<dimension ref="{area}"/>')
    return mutant(case, f"dimension {area}", data=workbook([sheet]))


def far_formatting(case: Case, rng: Random) -> Mutant | None:
    """Blank formatted cells far below and beside: no records."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    last = len(case.table.rows) + rng.choice((5, 300, 20000))
    cell = f'<row r="{last}"><c r="A{last}" s="1"/><c r="AB{last}" s="1"/></row></sheetData>'.encode()
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", cell)
    return mutant(case, "formatted blank cells", data=package(parts | {"xl/worksheets/sheet1.xml": sheet}))


def too_wide(case: Case, rng: Random) -> Mutant | None:
    """More columns, or a longer cell, than any extract has."""
    if _is_csv(case):
        rows = csv_text(case.table).splitlines()
        extra = "," * 600
        return mutant(case, "600 columns more", data="\r\n".join(row + extra for row in rows).encode())
    table = replace(case.table, headers=[*case.table.headers, *[f"c{n}" for n in range(600)]])
    return mutant(case, "600 columns more", table)


# CSV -----------------------------------------------------------------------------------------------------------------


def delimited(mark: str) -> Callable[[Case, Random], Mutant | None]:
    """Another delimiter."""
    return lambda case, rng: (
        mutant(case, f"delimiter {mark!r}", data=csv_text(case.table, mark).encode()) if _is_csv(case) else None
    )


def quoted(case: Case, rng: Random) -> Mutant | None:
    """Every value in quotes: the same values."""
    return (
        mutant(case, "all quoted", data=csv_text(case.table, quoting=csv.QUOTE_ALL).encode()) if _is_csv(case) else None
    )


def line_ends(case: Case, rng: Random) -> Mutant | None:
    """Other line ends, mixed ones too: the same rows."""
    if not _is_csv(case):
        return None
    end = rng.choice(("\n", "\r", "mixed"))
    lines = csv_text(case.table).split("\r\n")
    text = (
        "".join(line + rng.choice(("\n", "\r\n", "\r")) for line in lines[:-1]) if end == "mixed" else end.join(lines)
    )
    return mutant(case, f"line ends {end!r}", data=text.encode())


def byte_order_mark(case: Case, rng: Random) -> Mutant | None:
    """A byte-order mark, as Excel writes: the same text."""
    return mutant(case, "byte-order mark", data=codecs.BOM_UTF8 + data_of(case.table)) if _is_csv(case) else None


def _line(case: Case, rng: Random, change: Callable[[str], str], what: str) -> Mutant | None:
    if not _is_csv(case):
        return None
    lines = csv_text(case.table).split("\r\n")
    number = rng.randrange(1, len(lines) - 1)
    lines[number] = change(lines[number])
    return mutant(case, what, data="\r\n".join(lines).encode())


def unquoted_comma(case: Case, rng: Random) -> Mutant | None:
    """A comma inside a value without quotes."""
    return _line(case, rng, lambda line: line.replace(",", ",,", 1), "one value too many")


def comma_gone(case: Case, rng: Random) -> Mutant | None:
    """A row with a value too few."""
    return _line(case, rng, lambda line: line.replace(",", "", 1), "one value too few")


def stray_quote(case: Case, rng: Random) -> Mutant | None:
    """A quote that opens and never closes, or stands inside a value."""
    return _line(case, rng, lambda line: line.replace(",", rng.choice((',"', '",', ',""x')), 1), "a stray quote")


def nul_byte(case: Case, rng: Random) -> Mutant | None:
    """A NUL byte in a value."""
    return _line(case, rng, lambda line: line[:3] + "\0" + line[3:], "a NUL byte")


def line_break_inside(case: Case, rng: Random) -> Mutant | None:
    """A line break inside a value without quotes."""
    return _line(case, rng, lambda line: line[: len(line) // 2] + "\r\n" + line[len(line) // 2 :], "a broken line")


def trailing_commas(case: Case, rng: Random) -> Mutant | None:
    """A delimiter at the end of every line, headers too: the same values."""
    if not _is_csv(case):
        return None
    lines = csv_text(case.table).splitlines()
    return mutant(case, "a delimiter at each end", data="\r\n".join(f"{line}," for line in lines).encode())


def separator_line(case: Case, rng: Random) -> Mutant | None:
    """The line `sep=,` that Excel understands."""
    return mutant(case, "sep=,", data=b"sep=,\r\n" + data_of(case.table)) if _is_csv(case) else None


# XML -----------------------------------------------------------------------------------------------------------------


def written(style: Style, what: str) -> Callable[[Case, Random], Mutant | None]:
    """Another way of writing the same workbook."""
    return lambda case, rng: (
        mutant(case, what, data=workbook([sheet_of(case.table)], style)) if not _is_csv(case) else None
    )


def without_references(case: Case, rng: Random) -> Mutant | None:
    """Rows and cells that do not say where they are."""
    if _is_csv(case):
        return None
    return mutant(case, "no cell references", data=workbook([replace(sheet_of(case.table), references=False)]))


def stored_uncompressed(case: Case, rng: Random) -> Mutant | None:
    """Members stored as they are, the workbook last."""
    if _is_csv(case):
        return None
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in reversed(_parts(case).items()):
            archive.writestr(name, content)
    return mutant(case, "stored, in another order", data=file.getvalue())


def bad_xml(case: Case, rng: Random) -> Mutant | None:
    """XML that does not close."""
    if _is_csv(case):
        return None
    parts = _parts(case)
    body = parts["xl/worksheets/sheet1.xml"]
    cuts = (body[: len(body) // 2], body.replace(b"</row>", b"", 1), body.replace(b"</sheetData>", b"<row><c>", 1))
    return mutant(case, "broken XML", data=package(parts | {"xl/worksheets/sheet1.xml": rng.choice(cuts)}))


# the wrong file ------------------------------------------------------------------------------------------------------


def last_month_again(case: Case, rng: Random) -> Mutant | None:
    """Last month's file, byte by byte, under this month's name."""
    return mutant(case, "last month's file again", data=data_of(case.before))


def last_month_saved_anew(case: Case, rng: Random) -> Mutant | None:
    """Last month's records, saved anew."""
    if _is_csv(case):
        text = csv_text(case.before, quoting=csv.QUOTE_ALL)
        return mutant(case, "last month's records saved anew", data=text.encode())
    data = workbook([sheet_of(replace(case.before, sheet=case.table.sheet))], Style(strings="shared"))
    return mutant(case, "last month's records saved anew", data=data)


def under_another_name(case: Case, rng: Random) -> Mutant | None:
    """This month's file, and a copy under another name beside it."""
    name, _, ending = case.table.name.rpartition(".")
    copy = {f"{name}_copy.{ending}" if case.form == "local" else f"{name} (2).{ending}": data_of(case.table)}
    return Mutant({case.table.name: data_of(case.table), **case.companions, **copy}, "a copy under another name")


def name_unknown(case: Case, rng: Random) -> Mutant | None:
    """The file under a name that nobody expects."""
    return Mutant(
        {f"export_{rng.randint(1, 99)}{case.table.name}": data_of(case.table), **case.companions}, "an unexpected name"
    )


def cut_to_a_third(case: Case, rng: Random) -> Mutant | None:
    """A third of the records: an export that was filtered."""
    kept = case.table.records[: len(case.table.records) // 3]
    below = [[f"Total records: {len(kept)}"]] if case.table.below else []
    return (
        mutant(case, "a third of the records", replace(case.table, records=kept, below=below))
        if len(case.table.records) > 30
        else None
    )


def no_records(case: Case, rng: Random) -> Mutant | None:
    """Headers without a record."""
    return mutant(case, "no records", replace(case.table, records=[], below=[]))


def empty_file(case: Case, rng: Random) -> Mutant | None:
    """0 bytes, or blank lines only."""
    return mutant(case, "an empty file", data=rng.choice((b"", b"\r\n\r\n", b" ")))


def other_dataset(case: Case, rng: Random) -> Mutant | None:
    """Another dataset's extract under this name."""
    from tests.mutations.cases import case as case_of

    others = ["return_home_interviews", "placements", "social_workers", "workforce_monthly"]
    other = rng.choice([name for name in others if name != case.dataset])
    if case.form == "national":
        return None
    part = int(case.id.rpartition("/")[2])
    return mutant(case, f"the extract of {other}", data=data_of(case_of(other, case.form, part).table))


def header_file_damaged(case: Case, rng: Random) -> Mutant | None:
    """The national header file without a column, or of other children."""
    if case.form != "national":
        return None
    text = case.companions["header.csv"].decode()
    damaged = rng.choice(
        (text.replace("DOB", "BORN", 1), "CHILD,SEX\r\n1,2\r\n", "", text[: len(text) // 2].rpartition("\n")[0])
    )
    return Mutant({case.table.name: data_of(case.table), "header.csv": damaged.encode()}, "header.csv damaged")


FILE_CLASSES = (
    MutationClass(
        "encodings",
        (
            encoded("cp1252"),
            encoded("latin-1"),
            encoded("utf-16"),
            encoded("utf-16-le"),
            encoded("utf-8", codecs.BOM_UTF8),
            encoded("utf-32"),
            encoded("cp437"),
            encoded("mac-roman"),
            garbled,
            question_marks,
            half_and_half,
        ),
        FILE | COLUMNS,
    ),
    MutationClass(
        "truncation and damage",
        (cut, cut, last_field_cut, bytes_flipped, member_gone, not_a_file_of_its_kind),
        FILE
        | COLUMNS
        | VALUES
        | rules("row_count_moved history_vanished not_followed_up no_records_in_month empty_extract"),
    ),
    MutationClass("zip and XML bombs", (zip_bomb, many_members, entity_bomb), FILE),
    MutationClass(
        "names that lead out of the archive, members twice", (traversal, member_twice, target_outside), FILE | COLUMNS
    ),
    MutationClass(
        "limits and lying dimensions",
        (far_cell, lying_dimension, far_formatting, too_wide),
        FILE | COLUMNS | rules("value_missing"),
    ),
    MutationClass(
        "delimiters, quotes, ragged rows, line ends",
        (
            delimited(";"),
            delimited("\t"),
            delimited("|"),
            quoted,
            line_ends,
            byte_order_mark,
            unquoted_comma,
            comma_gone,
            stray_quote,
            nul_byte,
            line_break_inside,
            trailing_commas,
            separator_line,
        ),
        FILE | COLUMNS | VALUES | DATES,
    ),
    MutationClass(
        "XML written otherwise",
        (
            written(Style(strings="shared"), "shared strings"),
            written(Style(strings="rich"), "rich text"),
            written(Style(strings="phonetic"), "phonetic aids"),
            written(Style(prefix="x"), "prefixed namespaces"),
            written(Style(strict=True), "strict OOXML"),
            without_references,
            stored_uncompressed,
            bad_xml,
        ),
        FILE,
    ),
    MutationClass(
        "the wrong file: last month's, another dataset's, a part, none",
        (
            last_month_again,
            last_month_saved_anew,
            under_another_name,
            name_unknown,
            cut_to_a_third,
            no_records,
            empty_file,
            other_dataset,
            header_file_damaged,
        ),
        ARRIVAL | FILE | COLUMNS | DATE_SENSE | rules("header_file birth_date_unknown"),
    ),
)
