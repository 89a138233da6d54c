"""Receive: deliveries and extracts from files in folders, and what cannot be taken."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.receive import arrived_files as files
from perfpipe.receive.match_layout import match_layouts
from perfpipe.receive.store import stored_path
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from tests.builders import (
    deliver,
    episode,
    figure,
    layout_of,
    make_workspace,
    placement,
    receive_now,
    rules,
    write_xlsx,
)
from tests.workspaces import figures_of


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "w")


def put(workspace: Workspace, name: str, content: bytes = b"x", folder: str = "2017-05") -> Path:
    path = workspace.raw / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def known(workspace: Workspace, until: datetime | None = None) -> list[ExtractInFolder]:
    ledger = Ledger.open(workspace.processed)
    try:
        return ledger.extracts_known(until)
    finally:
        ledger.close()


def test_an_empty_workspace_has_nothing_to_receive(workspace: Workspace) -> None:
    received = receive_now(workspace)
    assert (received.new_deliveries, received.faults) == (0, [])


def test_the_same_content_twice_is_one_delivery(workspace: Workspace) -> None:
    put(workspace, "placements.csv", b"A")
    assert receive_now(workspace).new_deliveries == 1
    os.utime(workspace.raw / "2017-05" / "placements.csv", (0, 0))  # the file's own time says nothing
    assert receive_now(workspace).new_deliveries == 0
    assert len(known(workspace)) == 1


def test_a_then_b_then_a_again_is_three_deliveries_of_two_extracts(workspace: Workspace) -> None:
    new = []
    for content in (b"A", b"B", b"A"):
        put(workspace, "placements.csv", content)
        new.append(receive_now(workspace).new_deliveries)
    extracts = known(workspace)
    assert new == [1, 1, 1]
    assert len(extracts) == 2
    assert len({extract.id for extract in extracts}) == 2
    assert [extract.replaced for extract in extracts] == [False, True]


def test_the_store_holds_the_bytes_whatever_happens_to_the_file(workspace: Workspace) -> None:
    path = put(workspace, "placements.csv", b"as delivered")
    receive_now(workspace)
    path.write_bytes(b"changed in place")
    stored = stored_path(workspace, hashlib.sha256(b"as delivered").hexdigest())
    assert stored.read_bytes() == b"as delivered"
    assert not list(workspace.store.rglob("*.part"))


@pytest.mark.soak
@pytest.mark.slow
def test_a_raw_file_deleted_later_changes_nothing(workspace: Workspace) -> None:
    path = deliver(workspace, "2017-06", "placements", [placement(), placement(child_id="C2", started_on="01/06/2017")])
    before = figures_of(workspace, "2017-06")
    path.unlink()
    after = figures_of(workspace, "2017-06")
    assert figure(before, "children_looked_after", "2017-06")["value"] == 2
    assert before.equals(after)


def test_files_and_companions_are_one_extract(workspace: Workspace) -> None:
    put(workspace, "episodes.csv", b"A")
    put(workspace, "header.csv", b"B")
    assert receive_now(workspace).new_deliveries == 1
    put(workspace, "header.csv", b"B2")  # a changed companion is another extract
    assert receive_now(workspace).new_deliveries == 1
    assert len(known(workspace)) == 2


def test_a_companion_alone_belongs_to_nothing(workspace: Workspace) -> None:
    put(workspace, "header.csv")
    put(workspace, "social_workers.csv")
    (fault,) = receive_now(workspace).faults
    assert (fault.rule, fault.severity) == ("file_not_recognised", Severity.WARN)


def test_a_folder_of_extracts_that_no_layout_knows_stops_and_every_file_is_named(workspace: Workspace) -> None:
    for number in range(1, 26):
        put(workspace, f"team_{number}.csv")
    put(workspace, "photo.jpg")
    faults = receive_now(workspace).faults
    assert [(fault.file, fault.rule, fault.severity) for fault in faults] == [
        ("2017-05/photo.jpg", "file_not_recognised", Severity.WARN),
        ("2017-05", "no_file_recognised", Severity.STOP),
    ]
    assert faults[1].found.startswith("25 spreadsheets or CSV files")
    assert all(f"team_{number}.csv" in faults[1].found for number in range(1, 26))


def test_a_text_file_alone_may_be_a_note_and_stops_nothing(workspace: Workspace) -> None:
    put(workspace, "ReadMe.txt")
    (fault,) = receive_now(workspace).faults
    assert (fault.file, fault.rule, fault.severity) == ("2017-05/ReadMe.txt", "file_not_recognised", Severity.WARN)


def test_an_unknown_file_is_reported_and_stops_nothing(workspace: Workspace) -> None:
    put(workspace, "photo.jpg")
    put(workspace, "placements.csv")
    received = receive_now(workspace)
    assert received.new_deliveries == 1
    (fault,) = received.faults
    assert (fault.file, fault.rule, fault.severity) == ("2017-05/photo.jpg", "file_not_recognised", Severity.WARN)
    assert "return_home_interviews.xlsx" in fault.expected


@pytest.mark.parametrize("name", ["~$placements.xlsx", ".DS_Store", ".hidden.csv"])
def test_lock_files_and_hidden_files_are_passed_over(name: str, workspace: Workspace) -> None:
    put(workspace, name)
    assert receive_now(workspace).faults == []


def test_ignored_files_are_passed_over_in_any_case(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, 'ignore_files = ["read*.TXT"]\n[authority]\nname = "X"\n')
    put(workspace, "ReadMe.txt")
    assert receive_now(workspace).faults == []


@pytest.mark.parametrize("name", ["PLACEMENTS.CSV", "Placements.xlsx"])
def test_names_match_in_any_case(name: str, workspace: Workspace) -> None:
    assert [each.id for each, _ in match_layouts(workspace.settings(), Month(2017, 5), name)] == ["placements"]


@pytest.mark.parametrize("folder", ["2017-5", "April 2017", "2017-13", "misc", "2017-19", "20170401"])
def test_odd_folder_names_are_reported(folder: str, workspace: Workspace) -> None:
    put(workspace, "placements.csv", folder=folder)
    received = receive_now(workspace)
    assert received.new_deliveries == 0
    (fault,) = received.faults
    assert (fault.rule, fault.severity, fault.file) == ("folder_name", Severity.WARN, folder)


def test_a_file_beside_the_folders_is_reported(workspace: Workspace) -> None:
    (workspace.raw / "placements.csv").write_bytes(b"x")
    assert rules(receive_now(workspace).faults) == ["folder_name"]


def test_links_and_folders_in_a_delivery_stop(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.csv"
    target.write_bytes(b"x")
    put(workspace, "placements.csv")
    (workspace.raw / "2017-05" / "social_workers.csv").symlink_to(target)
    (workspace.raw / "2017-05" / "folder").mkdir()
    (workspace.raw / "2017-06").symlink_to(workspace.raw / "2017-05")
    faults = receive_now(workspace).faults
    assert sorted((f.rule, f.severity, f.file) for f in faults) == [
        ("folder_name", Severity.WARN, "2017-06"),
        ("not_a_file", Severity.STOP, "2017-05/folder"),
        ("not_a_file", Severity.STOP, "2017-05/social_workers.csv"),
    ]


@pytest.mark.parametrize(
    "name",
    ["placements\n.csv", "placements\x1b[31m.csv", "placements\u202evsc.csv", os.fsdecode(b"placements\xff.csv")],
)
def test_a_name_with_control_characters_or_without_utf8_stops(name: str, workspace: Workspace) -> None:
    put(workspace, name)
    received = receive_now(workspace)
    assert received.new_deliveries == 0
    (fault,) = received.faults
    assert (fault.rule, fault.severity) == ("file_name", Severity.STOP)
    assert fault.file.isprintable()
    assert fault.file.isascii()


def test_an_odd_folder_name_is_shown_harmlessly(workspace: Workspace) -> None:
    put(workspace, "placements.csv", folder="2017-05\x1b[2J")
    (fault,) = receive_now(workspace).faults
    assert fault.rule == "folder_name"
    assert fault.file.isprintable()


def test_a_very_long_name_is_taken_as_it_is(workspace: Workspace) -> None:
    settings = Settings.model_validate(workspace.settings().model_dump() | {"layouts": {"placements": [
        layout_of("placements", files=["placements*"]).model_dump()]}})  # fmt: skip
    name = f"placements{'x' * 241}.csv"
    assert len(name) == 255
    put(workspace, name)
    assert receive_now(workspace, settings).new_deliveries == 1
    assert [extract.delivery.main_file for extract in known(workspace)] == [name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["placements.csv", "delivery.toml"])
def test_a_pipe_stops_and_nothing_waits_for_it(name: str, workspace: Workspace) -> None:
    put(workspace, "social_workers.csv")
    os.mkfifo(workspace.raw / "2017-05" / name)
    (fault,) = receive_now(workspace).faults
    rule = "delivery_note" if name == "delivery.toml" else "not_a_file"
    assert (fault.rule, fault.severity, fault.file) == (rule, Severity.STOP, f"2017-05/{name}")


def test_a_note_that_is_a_link_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "note.toml"
    elsewhere.write_text("delivered_on = 2017-06-05")
    put(workspace, "placements.csv")
    (workspace.raw / "2017-05" / "delivery.toml").symlink_to(elsewhere)
    received = receive_now(workspace)
    assert (received.new_deliveries, rules(received.faults)) == (0, ["delivery_note"])


@pytest.mark.parametrize(("severity", "taken"), [("stop", 0), ("warn", 1)])
def test_raw_as_a_link_stops_unless_it_is_meant(severity: str, taken: int, tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", f'[authority]\nname = "X"\n[severities]\nraw_is_a_link = "{severity}"\n')
    workspace.raw.rmdir()
    (tmp_path / "share").mkdir()
    workspace.raw.symlink_to(tmp_path / "share")
    put(workspace, "placements.csv")
    received = receive_now(workspace)
    assert received.new_deliveries == taken
    assert [(f.rule, f.severity) for f in received.faults] == [("raw_is_a_link", severity)]


@pytest.mark.parametrize(
    "names", [("Placements.csv", "placements.csv"), ("cafe\u0301.txt", "caf\u00e9.txt")], ids=["case", "accents"]
)
def test_two_names_that_most_systems_take_for_one_stop(names: tuple[str, str], workspace: Workspace) -> None:
    for name in names:
        put(workspace, name, name.encode())
    if len(list((workspace.raw / "2017-05").iterdir())) < 2:
        pytest.skip("this system takes them for one")
    faults = [fault for fault in receive_now(workspace).faults if fault.rule == "file_name"]
    assert [(f.file, f.severity) for f in faults] == [(f"2017-05/{names[1]}", Severity.STOP)]
    assert names[0] in faults[0].found


def being_written(workspace: Workspace) -> Fault:
    """The one fault of a workspace of which nothing is taken in."""
    received = receive_now(workspace)
    assert received.new_deliveries == 0
    assert known(workspace) == []
    (fault,) = received.faults
    assert fault.severity == Severity.STOP
    assert "was not taken in" in fault.what_to_do
    return fault


def test_a_file_that_grows_while_it_is_looked_at_is_taken_by_the_next_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(workspace, "placements.csv", b"half")

    def write_on(_: float) -> None:
        with path.open("ab") as file:
            file.write(b" and half")

    monkeypatch.setattr(files.time, "sleep", write_on)
    assert being_written(workspace).rule == "file_being_written"
    monkeypatch.undo()
    assert receive_now(workspace).new_deliveries == 1
    assert ledger_bytes(workspace) == [len(b"half and half")]


def test_a_file_rewritten_in_place_with_its_time_put_back_is_seen_by_its_hash(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(workspace, "placements.csv", b"zeros")
    then = path.stat()

    def fill(_: float) -> None:
        path.write_bytes(b"bytes")
        os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))

    monkeypatch.setattr(files.time, "sleep", fill)
    assert being_written(workspace).rule == "file_being_written"


@pytest.mark.parametrize("lock", ["~$placements.csv", ".~lock.placements.csv#"])
def test_a_file_that_a_program_has_open_is_taken_once_it_is_closed(lock: str, workspace: Workspace) -> None:
    put(workspace, "placements.csv")
    put(workspace, lock)
    fault = being_written(workspace)
    assert (fault.rule, lock in fault.found) == ("file_being_written", True)
    (workspace.raw / "2017-05" / lock).unlink()
    assert receive_now(workspace).new_deliveries == 1
    put(workspace, lock)  # somebody looks at what has been taken in already
    assert receive_now(workspace).faults == []


@pytest.mark.parametrize("suffix", [".part", ".tmp", ".crdownload", ".PARTIAL"])
def test_a_half_copied_file_is_not_taken(suffix: str, workspace: Workspace) -> None:
    put(workspace, f"placements.xlsx{suffix}")
    assert being_written(workspace).rule == "file_being_written"
    put(workspace, f"notes.doc{suffix}", folder="2017-06")  # half of something that nobody waits for
    assert sorted(rules(receive_now(workspace).faults)) == ["file_being_written", "file_not_recognised"]


@pytest.mark.parametrize("name", ["placements.csv", "placements.xlsx"])
def test_a_file_of_no_bytes_is_not_taken(name: str, workspace: Workspace) -> None:
    put(workspace, name, b"")
    fault = being_written(workspace)
    assert (fault.rule, fault.found) == ("file_incomplete", "0 bytes")


def test_a_workbook_cut_short_is_not_taken_and_the_whole_one_is(workspace: Workspace) -> None:
    path = write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", [placement()])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert being_written(workspace).rule == "file_incomplete"
    path.write_bytes(whole)
    assert receive_now(workspace).new_deliveries == 1


def test_a_set_severity_holds_for_files_too_and_still_nothing_is_taken(tmp_path: Path) -> None:
    text = '[authority]\nname = "X"\n[severities]\nfile_incomplete = "warn"\nfile_not_recognised = "stop"\n'
    workspace = make_workspace(tmp_path, text)
    put(workspace, "placements.csv", b"")
    put(workspace, "photo.jpg")
    received = receive_now(workspace)
    assert received.new_deliveries == 0
    assert {f.rule: f.severity for f in received.faults} == {
        "file_incomplete": Severity.WARN,
        "file_not_recognised": Severity.STOP,
    }


def ledger_bytes(workspace: Workspace) -> list[int]:
    """The sizes of all files that have been taken in."""
    ledger = Ledger.open(workspace.processed)
    try:
        return [file.bytes for extract in ledger.extracts_known(None) for file in ledger.files_of(extract.id)]
    finally:
        ledger.close()


def test_a_file_that_cannot_be_opened_stops_with_words(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace, "placements.csv")
    whole = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "placements.csv":
            raise PermissionError(13, "in use")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    (fault,) = receive_now(workspace).faults
    assert (fault.rule, fault.severity, fault.file) == ("file_not_readable", Severity.STOP, "2017-05/placements.csv")
    assert "Close it in every program" in fault.what_to_do


def test_a_financial_year_folder_is_a_month_unless_settings_say_otherwise(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    for folder in ("2011-12", "2017-18"):
        put(workspace, "placements.csv", folder.encode(), folder)
    assert receive_now(workspace).new_deliveries == 2


def note(workspace: Workspace, text: str) -> None:
    put(workspace, "delivery.toml", text.encode())


def test_a_delivery_note_says_when_files_came_and_were_made(workspace: Workspace) -> None:
    note(
        workspace,
        "delivered_on = 2017-06-05\n"
        '[files."placements.csv"]\nextracted_at = 2017-06-02T09:30:00\n'
        '[files."social_workers.csv"]\ndelivered_on = 2017-06-07T10:00:00Z\nextracted_at = 2017-06-01\n',
    )
    put(workspace, "placements.csv")
    put(workspace, "social_workers.csv")
    assert receive_now(workspace).faults == []
    found = {x.dataset: (x.delivery.received_at, x.delivery.declared_at) for x in known(workspace)}
    assert found == {
        "placements": (datetime(2017, 6, 4, 23, tzinfo=UTC), datetime(2017, 6, 2, 8, 30, tzinfo=UTC)),
        "social_workers": (datetime(2017, 6, 7, 10, tzinfo=UTC), datetime(2017, 6, 1, 22, 59, 59, tzinfo=UTC)),
    }
    assert [x.dataset for x in known(workspace, datetime(2017, 6, 6, tzinfo=UTC))] == ["placements"]


@pytest.mark.parametrize(
    "text",
    [
        "delivered_on = ", 'delivered_on = "2017-06-05"', "delivered_at = 2017-06-05", "delivered_on = 10:00:00",
        "files = 3", '[files]\n"placements.csv" = 2017-06-05', '[files."placements.csv"]\nreceived = 2017-06-05',
        "delivered_on = 2017-06-31",
    ],
)  # fmt: skip
def test_a_wrong_delivery_note_stops_and_nothing_of_its_folder_is_taken(text: str, workspace: Workspace) -> None:
    note(workspace, text)
    put(workspace, "placements.csv")
    received = receive_now(workspace)
    assert received.new_deliveries == 0
    (fault,) = received.faults
    assert (fault.rule, fault.severity, fault.file) == ("delivery_note", Severity.STOP, "2017-05/delivery.toml")
    assert "delivered_on = 2017-05-06" in fault.what_to_do


def test_a_note_for_a_file_that_is_not_there_is_reported(workspace: Workspace) -> None:
    note(workspace, '[files."placement.csv"]\ndelivered_on = 2017-06-05\n')
    put(workspace, "placements.csv")
    (fault,) = receive_now(workspace).faults
    assert (fault.rule, fault.severity) == ("delivery_note_unused", Severity.WARN)
    assert "'placement.csv'" in fault.found


def test_a_note_changed_after_the_file_was_received_is_reported(workspace: Workspace) -> None:
    note(workspace, "extracted_at = 2017-06-01\n")
    put(workspace, "placements.csv")
    assert receive_now(workspace).faults == []
    note(workspace, "extracted_at = 2017-06-02\n")
    (fault,) = receive_now(workspace).faults
    assert (fault.rule, fault.severity) == ("delivery_note_changed", Severity.WARN)
    assert "extracted_at of placements.csv" in fault.found


def test_two_files_for_one_dataset_are_two_extracts(workspace: Workspace) -> None:
    deliver(workspace, "2017-05", "return_home_interviews", [episode()])
    put(workspace, "return_home_interviews.xlsx", b"other")
    assert receive_now(workspace).new_deliveries == 2
