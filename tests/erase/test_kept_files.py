"""What is kept of a file reads as the file did, without the person: in every format and form of extract."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfpipe.datasets.definition import PersonKind
from perfpipe.erase.delivered_files import DeliveredFiles, RememberingParser
from perfpipe.ledger.ledger import Ledger
from perfpipe.read.kept_cells import holds_kept_cells, sheets_kept
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser
from perfpipe.receive.receive import receive
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.erased_people import People, person_hash
from perfpipe.validate.make_reading import copies_of, read_tables
from tests.binary_workbooks import encrypted, write_xlsb
from tests.builders import make_workspace, write_csv, write_sheets
from tests.workspaces import episode

FIXTURES = Path(__file__).parents[1] / "fixtures"
KEY = bytes(range(32))
CHILD = "KQZX-77/41"
GONE = People({person_hash(KEY, PersonKind.CHILD, CHILD)}, KEY)
HEAD = '[authority]\nname = "X"\n'
IGNORED = """ignore = ["Remarks", "Brother"]
[layouts.placements.columns]
child_id = "Child"
started_on = "From"
ceased_on = "To"
legal_status_code = "Law"
placement_code = "Type"
provider_code = "Who"
"""
OURS = f'{HEAD}[[layouts.placements]]\nname = "ours"\nfiles = ["placements*"]\n{IGNORED}'
ROWS = [
    ["Child", "From", "Remarks", "Brother", "Who", "To", "Law", "Type"],
    ["C1001", "13/05/2017", "", "", "North", "", "C2", "U6"],
    [CHILD, "14/05/2017", "zebrafinch", "C1001", "zebrahouse", "", "C2", "U6"],
    ["C1002", "15/05/2017", "", CHILD, f"with {CHILD.lower()} there", "", "C2", "U6"],
    [f" {CHILD.lower()} ", "16/05/2017", "", "", "North", "", "C2", "U6"],
    ["C1003", "17/05/2017", "", "", "C1003", "", "C2", "U6"],
]
PLANTED = (b"kqzx", b"zebra")


@contextmanager
def files_of(workspace: Workspace, people: People = GONE) -> Iterator[DeliveredFiles]:
    """The delivered files of a workspace, received."""
    settings, ledger = workspace.settings(), Ledger.open(workspace.processed)
    receive(workspace, settings, ledger)
    try:
        with RememberingParser(settings.limits) as parser:
            yield DeliveredFiles.of(workspace, settings, people, parser, ledger.extracts_ever())
    finally:
        ledger.close()


def tables_of(files: DeliveredFiles, parser: Parser, paths: dict[str, Path] | None = None) -> list[RawTable]:
    """The tables of the only extract; `paths`: other copies of its files."""
    (places,) = files.extracts
    assert places.layout is not None
    copies = copies_of(places.extract, places.extract.files, files.workspace)
    main = places.first_read
    ordered = {main: copies[main], **copies}
    found = {name: (paths or {}).get(name, path) for name, path in ordered.items()}
    return read_tables(places.layout, places.extract, {name: path for name, path in found.items() if path}, parser)


def check_kept(workspace: Workspace, left: list[str]) -> None:
    """Of every file the person is gone, and its tables are those of the others: numbers of rows and cells."""
    with files_of(workspace) as files:
        before = tables_of(files, files.parser)
        paths: dict[str, Path] = {}
        for sha256, uses in files.uses.items():
            assert files.is_concerned(sha256)
            kept = workspace.root / f"kept_{sha256[:8]}"
            kept.write_bytes(files.kept(sha256))
            assert holds_kept_cells(kept)
            paths |= {use.file.name: kept for use in uses}
        after = tables_of(files, files.parser, paths)
    texts = repr([(table.columns, table.faults) for table in after]).lower().encode()
    for path in paths.values():
        import zipfile

        with zipfile.ZipFile(path) as archive:
            texts += archive.read(archive.namelist()[0]).lower()
    assert [word for word in PLANTED if word in texts] == []
    assert [text for table in after for _, text in table.columns["child_id"]] == left
    for one, other in zip(before, after, strict=True):
        kept = [place for place, (_, text) in enumerate(one.columns["child_id"]) if text in left]
        assert other.rows == [one.rows[place] for place in kept]
        assert (other.letters, other.headers) == (one.letters, one.headers)
        for name in {*one.columns} - {"provider_code"}:
            assert list(other.columns[name]) == [one.columns[name][place] for place in kept]


def csv_file(root: Path, name: str = "placements.csv", encoding: str = "utf-8") -> None:
    path = root / "data" / "raw" / "2017-05" / name
    write_csv(path, [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]], encoding)


def xlsx_file(root: Path) -> None:
    path = root / "data" / "raw" / "2017-05" / "placements.xlsx"
    above: list[list[object]] = [["Report about", CHILD], []]
    write_sheets(path, {"Records": [*above, *ROWS, [], ["Note: ends here"]], "Notes": [["x", CHILD], ["zebra", "y"]]})


def xls_file(root: Path) -> None:
    path = root / "data" / "raw" / "2017-05" / "placements.xls"
    path.parent.mkdir(parents=True)
    shutil.copy(FIXTURES / "person.xls", path)  # the first sheet of `xlsx_file`, saved in that format


def xlsb_file(root: Path) -> None:
    path = root / "data" / "raw" / "2017-05" / "placements.xlsb"
    path.parent.mkdir(parents=True)
    write_xlsb(path, [["Report about", CHILD], *ROWS], merged=False)


def turned_file(root: Path) -> None:
    """Records side by side: what is ignored is not there, as a turned table has no columns to ignore."""
    across = [list(column) for column in zip(*ROWS, strict=True) if column[0] not in ("Remarks", "Brother")]
    write_sheets(root / "data" / "raw" / "2017-05" / "placements.xlsx", {"Records": across})


def ods_file(root: Path) -> None:
    path = root / "data" / "raw" / "2017-05" / "placements.ods"
    path.parent.mkdir(parents=True)
    path.write_bytes(as_ods(ROWS))


def as_ods(rows: list[list[str]]) -> bytes:
    """The smallest OpenDocument spreadsheet of some texts."""
    import io
    import zipfile
    from xml.sax.saxutils import escape

    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
            if text
            else "<table:table-cell/>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text")
    )
    content = f'<?xml version="1.0"?><office:document-content {names} office:version="1.2"><office:body>' \
              f'<office:spreadsheet><table:table table:name="Records">{cells}</table:table></office:spreadsheet>' \
              "</office:body></office:document-content>"  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return made.getvalue()


@pytest.mark.parametrize("write", [csv_file, xlsx_file, ods_file, xls_file, xlsb_file])
def test_every_format_reads_as_before_without_the_person(tmp_path: Path, write: Callable[[Path], None]) -> None:
    workspace = make_workspace(tmp_path, OURS)
    write(tmp_path)
    check_kept(workspace, ["C1001", "C1002", "C1003"])


def test_of_records_side_by_side_those_of_the_person_go(tmp_path: Path) -> None:
    ignored = 'ignore = ["Remarks", "Brother"]'
    workspace = make_workspace(tmp_path, OURS.replace(ignored, "turned = true"))
    turned_file(tmp_path)
    check_kept(workspace, ["C1001", "C1002", "C1003"])


def test_a_workbook_with_a_password_is_opened_and_what_is_kept_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(tmp_path, OURS)
    xlsx_file(tmp_path)
    encrypted(tmp_path / "data" / "raw" / "2017-05" / "placements.xlsx", "Zebedee")
    monkeypatch.setenv("PERFPIPE_PASSWORD", "Zebedee")
    check_kept(workspace, ["C1001", "C1002", "C1003"])


def test_a_csv_file_keeps_its_encoding_and_its_broken_end(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, OURS)
    csv_file(tmp_path, encoding="utf-16")
    check_kept(workspace, ["C1001", "C1002", "C1003"])


def test_of_parts_each_is_kept(tmp_path: Path) -> None:
    parts = 'parts = { north = ["north*"], south = ["south*"] }\n'
    workspace = make_workspace(tmp_path, OURS.replace('files = ["placements*"]\n', 'files = ["*.csv"]\n' + parts))
    csv_file(tmp_path, "north.csv")
    csv_file(tmp_path, "south.csv")
    check_kept(workspace, ["C1001", "C1002", "C1003"] * 2)


def test_a_person_named_only_beside_another_record_is_taken_out_there(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, OURS)
    path = tmp_path / "data" / "raw" / "2017-05" / "placements.xlsx"
    write_sheets(path, {"Records": [ROWS[0], *(row for row in ROWS if row[0].startswith("C1"))]})
    with files_of(workspace) as files:
        (sha256,) = files.uses
        assert files.is_concerned(sha256)
        assert files.extracts[0].rows == 0
    check_kept(workspace, ["C1001", "C1002", "C1003"])


def test_the_same_number_of_another_record_is_no_name(tmp_path: Path) -> None:
    """A worker has the number of a child, and so has a child's episode: neither is touched when the other goes."""
    workspace = make_workspace(tmp_path, HEAD)
    csv_file_of = tmp_path / "data" / "raw" / "2017-05" / "return_home_interviews.csv"
    write_csv(csv_file_of, [dict(episode(1, child_id="C1001", episode_id="4100712", returned_at="10/05/2017 12:00"))])
    worker = People({person_hash(KEY, PersonKind.WORKER, each) for each in ("C1001", "4100712")}, KEY)
    child = People({person_hash(KEY, PersonKind.CHILD, "4100712")}, KEY)
    for people in (worker, child):
        with files_of(workspace, people) as files:
            (sha256,) = files.uses
            assert files.is_read(sha256)
            assert not files.is_concerned(sha256)
    write_csv(csv_file_of, [dict(episode(1, child_id="C1001", episode_id="4100712", responsible_la="C1001 said so"))])
    with files_of(workspace, worker) as files:
        concerned = [sha256 for sha256 in files.uses if files.is_concerned(sha256)]
        (kept,) = [files.kept(sha256) for sha256 in concerned]
        path = tmp_path / "kept"
        path.write_bytes(kept)
        (sheet,) = sheets_kept(path, "a")
    assert [text for column in sheet.columns for _, text in column if "C1001" in text] == ["C1001"]
    assert "(erased) said so" in [text for column in sheet.columns for _, text in column]


def test_below_the_records_the_id_alone_in_the_column_of_ids_is_the_person(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, OURS)
    below: list[list[object]] = [[], ["Ended since:"], [CHILD]]
    write_sheets(tmp_path / "data" / "raw" / "2017-05" / "placements.xlsx", {"Records": [*ROWS, *below]})
    with files_of(workspace) as files:
        (sha256,) = files.uses
        assert files.is_concerned(sha256)
        path = tmp_path / "kept"
        path.write_bytes(files.kept(sha256))
    (sheet,) = sheets_kept(path, "a")
    assert [text for column in sheet.columns for _, text in column if CHILD.lower() in text.lower()] == []


def test_a_file_that_names_nobody_stays(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, OURS)
    csv_file(tmp_path)
    nobody = People({person_hash(KEY, PersonKind.CHILD, "C9999")}, KEY)
    with files_of(workspace, nobody) as files:
        (sha256,) = files.uses
        assert files.is_read(sha256)
        assert not files.is_concerned(sha256)


def test_the_national_header_beside_the_episodes_loses_the_person_too(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, OURS.replace(IGNORED, f'companions = ["header*"]\n{IGNORED}'))
    csv_file(tmp_path)
    births = [
        {"CHILD": row[0].strip(), "DOB": f"{day}/09/2009", "SEX": "1", "UPN": f"zebra{day}"}
        for day, row in enumerate(ROWS[1:], 13)
    ]
    write_csv(tmp_path / "data" / "raw" / "2017-05" / "header.csv", births)
    check_kept(workspace, ["C1001", "C1002", "C1003"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"see {CHILD}.", "see (erased)."),
        (f"{CHILD}, {CHILD.lower()}", "(erased), (erased)"),
        ("KQZX-77/412 and 41", "KQZX-77/412 and 41"),
        ("", ""),
    ],
)
def test_an_id_is_found_in_a_text_as_a_word(text: str, left: str) -> None:
    assert GONE.without(text) == left


def test_a_short_id_is_not_looked_for_in_texts() -> None:
    short = People({person_hash(KEY, PersonKind.CHILD, each) for each in ("12", "C1", "2017")}, KEY)
    assert short.without("12 records of C1 in 2017") == "12 records of C1 in 2017"
