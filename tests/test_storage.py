"""What is stored: never lost, never torn, never another's to read, and noticed when it is damaged."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.ledger.hold import hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord
from perfpipe.questions.explain_figure import explain
from perfpipe.questions.queries import figures_known
from perfpipe.receive.store import stored_path
from perfpipe.run import Outcome, StoppingFaults, run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import MachineFailure
from perfpipe.verify import StorageProblem, verify_workspace
from tests.runs import one_small_picture, runs_draw, runs_of_a_year
from tests.workspaces import deliver, episode, new_workspace, placement

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]

MAY = Month(2018, 5)
MODES = {"private": (0o600, 0o700), "group": (0o660, 0o2770)}


def delivered(root: Path) -> Workspace:
    made = new_workspace(root)
    deliver(made, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00")])
    deliver(made, "2018-05", "placements", [placement("A", "01/05/2016")])
    (made.raw / "2018-05" / "delivery.toml").write_text("delivered_on = 2018-06-06")
    return made


@pytest.fixture
def published(tmp_path: Path, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Workspace:
    def run_of_may(root: Path) -> None:
        with runs_draw(one_small_picture), runs_of_a_year():
            run_month(delivered(root), MAY)

    return Workspace(shutil.copytree(made_once("stored", run_of_may), tmp_path / "w"))


def run(workspace: Workspace) -> tuple[Outcome, list[str]]:
    said: list[str] = []
    return run_month(workspace, MAY, progress=said.append), said


def call(workspace: Workspace, *arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main([*arguments, "--workspace", str(workspace.root)])
    assert isinstance(done.value.code, int)
    return done.value.code


def problems(workspace: Workspace) -> list[StorageProblem]:
    return list(verify_workspace(workspace).problems)


def bytes_under(folder: Path, *but: str) -> dict[str, bytes]:
    """But files whose name begins so, and the star for other tools, which each run that publishes rewrites."""
    files = (
        path for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(but) and path.parent.name != "powerbi"
    )  # fmt: skip
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def late_interview(workspace: Workspace) -> None:
    late = [episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00")]
    deliver(workspace, "2018-06", "return_home_interviews", [*late, episode(2, returned_at="02/06/2018 10:00")])


def board(workspace: Workspace, edition: int) -> Path:
    return workspace.reports / "2018-05" / "board" / str(edition)


# editions


@pytest.mark.soak
@pytest.mark.parametrize("what", ["restored", "emptied", "lost"])
def test_an_edition_that_the_ledger_does_not_know_stays_and_its_number_is_not_used_again(
    published: Workspace, what: str
) -> None:
    backup = (published.processed / "ledger.db").read_bytes()
    late_interview(published)
    assert run(published)[0].pack.parent == board(published, 2)
    sent = bytes_under(published.reports)
    for path in published.processed.glob("ledger.db*"):
        path.unlink()
    if what != "lost":
        (published.processed / "ledger.db").write_bytes(backup if what == "restored" else b"")
    unknown = [f"reports/2018-05/{audience}/{n}" for audience in ("analyst", "board")
               for n in ((2,) if what == "restored" else (1, 2))]  # fmt: skip
    said: list[str] = []
    check_workspace(published, MAY, said.append)
    assert [each.partition(":")[0] for each in said if "the ledger does not know" in each] == unknown
    outcome, told = run(published)
    assert [each.partition(":")[0] for each in told if "the ledger does not know" in each] == unknown
    assert outcome.pack.parent == board(published, 3)
    now = bytes_under(published.reports)
    assert {name: now[name] for name in sent} == sent
    assert [each.path for each in problems(published) if each.kind == "edition"] == unknown


@pytest.mark.soak
def test_an_edition_is_committed_before_it_has_its_name_and_the_next_run_or_verify_gives_it(
    published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_interview(published)
    rename = Path.rename
    ours = monkeypatch.context

    def refused(self: Path, target: Path) -> Path:
        if self.name == ".2.partial":
            raise OSError(5, "Input/output error", str(self))
        return rename(self, target)

    with ours() as patch:
        patch.setattr(Path, "rename", refused)
        with pytest.raises(MachineFailure, match="is published, but reports/2018-05/board/2 could not be put"):
            run(published)
    assert not board(published, 2).exists()
    partial = board(published, 2).with_name(".2.partial")
    assert partial.is_dir()
    copy = Workspace(shutil.copytree(published.root, published.root.with_name("copy")))
    found = verify_workspace(copy)
    assert [each.partition(":")[0] for each in found.finished] == [
        f"reports/2018-05/{x}/2" for x in ("board", "analyst")
    ]
    assert found.problems == ()
    outcome, told = run(published)
    assert (outcome.changed, outcome.pack.parent) == (False, board(published, 2))
    assert len([each for each in told if "it is there now" in each]) == 2
    assert not partial.exists()


@pytest.mark.soak
def test_partial_editions_without_a_row_and_half_written_files_go_with_the_next_run_of_any_month(
    published: Workspace,
) -> None:
    left = [
        published.reports / "2018-04" / "board" / ".1.partial" / "board_pack.xlsx",
        published.reports / "2018-05" / "board" / ".2.partial" / "manifest.json",
        published.store / "ab" / ".abc.1.part",
        published.processed / "placements" / "x.1.part",
        published.root / "earlier_plans" / "y.1.part",
    ]
    others = published.raw / "2018-05" / "notes.part"  # not ours
    for path in (*left, others):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    assert [each.kind for each in problems(published)] == ["leftover"] * 5
    assert all(path.exists() for path in left)
    run_month(published, MAY + 1)
    assert not [path for path in left if path.exists()]
    assert others.exists()


@pytest.mark.soak
def test_files_and_folders_of_an_edition_are_on_disk_before_the_ledger_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = delivered(tmp_path / "w")
    synced: list[str] = []
    real_sync, real_add = os.fsync, Ledger.add_pack

    def fsync(file: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{file}"))
        real_sync(file)

    def add_pack(self: Ledger, edition: EditionRecord) -> int:
        synced.append("committing")
        return real_add(self, edition)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Ledger, "add_pack", add_pack)
    run(workspace)
    before, after = synced[: synced.index("committing")], synced[synced.index("committing") :]
    of_board = workspace.reports / "2018-05" / "board"
    wanted = {str(of_board / ".1.partial" / name) for name in bytes_under(of_board / "1")}
    assert wanted <= set(before)
    assert {str(of_board), str(of_board / ".1.partial"), str(of_board / ".1.partial" / "charts")} <= set(before)
    assert str(of_board) in after  # its name


@pytest.mark.soak
@pytest.mark.parametrize("damage", ["edited", "emptied", "removed", "manifest", "folder"])
def test_a_pack_that_was_changed_is_not_unchanged(published: Workspace, damage: str) -> None:
    pack = board(published, 1) / "board_pack.xlsx"
    if damage == "edited":
        pack.write_bytes(pack.read_bytes() + b"x")
    elif damage == "emptied":
        pack.write_bytes(b"")
    elif damage == "removed":
        pack.unlink()
    elif damage == "manifest":
        manifest = json.loads((pack.parent / "manifest.json").read_text())
        (pack.parent / "manifest.json").write_text(json.dumps(manifest | {"outputs": {}}))
    else:
        shutil.rmtree(pack.parent)
    as_it_is = bytes_under(published.reports)
    [found] = problems(published)
    assert (found.kind, found.path) == ("edition", "reports/2018-05/board/1")
    assert call(published, "verify") == 1
    outcome, told = run(published)
    assert (outcome.changed, outcome.pack.parent) == (True, board(published, 2))
    assert any("reports/2018-05/board/1 is not as it was published" in each for each in told)
    now = bytes_under(published.reports)
    assert {name: now[name] for name in as_it_is} == as_it_is
    assert not run(published)[0].changed


def test_a_changed_analyst_workbook_is_not_unchanged(published: Workspace) -> None:
    (published.reports / "2018-05" / "analyst" / "1" / "faults.xlsx").write_bytes(b"")
    assert run(published)[0].changed


# who may read it


@pytest.mark.soak
@pytest.mark.parametrize("group", ["", "true", '"team"'], ids=["private", "group", "team"])
def test_every_file_that_a_run_writes_is_its_owners_alone_or_the_groups_too(tmp_path: Path, group: str) -> None:
    """With `group = true` the board's editions, those of the return and exports; of a team everything."""
    before = os.umask(0o022)
    try:
        workspace = delivered(tmp_path / "w")
        if group:
            with open(workspace.settings_file, "a", encoding="utf-8") as settings:
                settings.write(f"\n[access]\ngroup = {group}\n")
        deliver(workspace, "2018-06", "placements", [placement("C1", "02/06/2018")])
        assert call(workspace, "run", "2018-06") == 0
        assert call(workspace, "return", "--to", "2018-06") == 0
        with hold(workspace) as ledger:
            assert ledger.runs()
            wal = list(workspace.processed.glob("ledger.db-*"))
            earlier = (workspace.earlier_plans, workspace.earlier_settings)
            places = (workspace.raw, workspace.processed, workspace.reports, *earlier)
            listed = [*(path for place in places for path in (place, *place.rglob("*"))), *wal]
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in listed}
            folders = {path for path in modes if path.is_dir()}
        for export in (["plan", "export", str(tmp_path / "plan.xlsx")],
                       ["template", "placements", "--to", str(tmp_path / "placements.xlsx")]):  # fmt: skip
            assert call(workspace, *export) == 0
            modes[Path(export[-1])] = stat.S_IMODE(Path(export[-1]).stat().st_mode)
    finally:
        os.umask(before)
    names = {path.name for path in modes}
    assert {"ledger.db", "ledger.db-wal", "ledger.db-shm", "run.lock", "identity.key", "board_pack.xlsx", "lists.xlsx",
            "faults.xlsx", "manifest.json", "placements.csv", "placements.parquet"} <= names  # fmt: skip
    assert {path.name for path in (workspace.reports / "2018-06").iterdir()} == {"analyst", "board", "return"}

    def mode_of(path: Path) -> int:
        inside = not path.is_relative_to(workspace.root) or path.is_relative_to(workspace.reports)
        shared = group == '"team"' or (group == "true" and inside and "analyst" not in path.parts)
        return MODES["group" if shared else "private"][path in folders]

    assert {str(path): oct(mode) for path, mode in modes.items() if mode != mode_of(path)} == {}
    assert len(modes) > 30
    assert problems(workspace) == []


@pytest.mark.soak
def test_an_existing_workspace_is_tightened_by_its_first_run_which_says_so(published: Workspace) -> None:
    everything = [path for place in ("data", "reports") for path in (published.root / place).rglob("*")]
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)
    (published.raw / "link").symlink_to("/etc/hostname")
    told = run(published)[1]
    [said] = [each for each in told if each.startswith("access:")]
    assert "open to their owner alone now" in said
    kept = [path for path in everything if path.exists() and path.name not in ("raw", "processed")]
    assert {oct(stat.S_IMODE(p.stat().st_mode) & 0o077) for p in kept} == {"0o0"}
    assert not [each for each in run(published)[1] if each.startswith("access:")]


# extracts and caches


@pytest.mark.parametrize("damage", [b"", b"x", None], ids=["emptied", "changed", "missing"])
def test_a_damaged_copy_of_an_extract_is_taken_again_from_where_it_was_delivered(
    published: Workspace, damage: bytes | None
) -> None:
    figures = figures_known(published)
    copy = copy_of(published, "placements.csv")
    content = copy.read_bytes()
    copy.unlink()
    if damage is not None:
        copy.write_bytes(damage)
    shutil.rmtree(published.processed / "placements")
    [found] = problems(published)
    assert (found.kind, "the next run that reads it" in found.what_to_do) == ("extract", True)
    assert not run(published)[0].changed
    assert copy.read_bytes() == content
    assert problems(published) == []
    assert figures_known(published).equals(figures)


def test_a_damaged_copy_that_was_delivered_otherwise_is_a_fault_of_its_own(published: Workspace) -> None:
    copy_of(published, "placements.csv").write_bytes(b"CHILD,DECOM\n")
    shutil.rmtree(published.processed / "placements")
    (published.raw / "2018-05" / "placements.csv").unlink()
    with pytest.raises(StoppingFaults) as stopped:
        run(published)
    [fault] = stopped.value.faults
    assert (fault.rule, fault.file, fault.dataset) == ("stored_copy_lost", "2018-05/placements.csv", "placements")
    [found] = problems(published)
    assert (found.kind, "Restore data/raw/.store" in found.what_to_do) == ("extract", True)


def copy_of(workspace: Workspace, name: str) -> Path:
    with hold(workspace) as ledger:
        [sha256] = [file.sha256 for _, file in ledger.stored_files() if file.name == name]
    return stored_path(workspace, sha256)


@pytest.mark.soak
@pytest.mark.parametrize("way", ["emptied", "cut", "flipped", "another"])
def test_a_damaged_cache_is_made_again_and_gives_the_same(published: Workspace, way: str) -> None:
    figures = figures_known(published)
    caches = sorted(published.processed.glob("*/*.parquet"))
    assert {path.parent.name for path in caches} == {"placements", "return_home_interviews", "figures"}
    contents = {path: path.read_bytes() for path in caches}
    for path, content in contents.items():
        damaged = {
            "emptied": b"",
            "cut": content[:-7],
            "flipped": content[:40] + bytes([content[40] ^ 255]) + content[41:],
            "another": next(each for other, each in contents.items() if other != path),
        }
        path.write_bytes(damaged[way])
    assert [each.kind for each in problems(published)] == ["cache"] * len(caches)
    [explained, *_] = explain(published, "children_looked_after", MAY)
    assert explained.figure["value"].iloc[0] == 1
    assert not run(published)[0].changed
    (published.reports / "2018-05" / "board" / "1" / "board_pack.xlsx").unlink()  # so that figures are asked for
    assert run(published)[0].figures_written == 0
    assert [each.kind for each in problems(published)] == ["edition"]
    same = [name for name in figures if name != "run_id"]
    assert figures_known(published)[same].equals(figures[same])


# verify


def test_verify_says_what_it_checked_and_ends_with_1_where_something_is_wrong(
    published: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(published, "verify") == 0
    assert "1 ledger, 2 stored files" in capsys.readouterr().err
    assert call(published, "verify", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["problems"], told["checked"]["edition"]) == ([], 2)
    with hold(published):
        assert call(published, "verify") == 4


def test_a_damaged_ledger_is_told_by_verify_and_stops_a_run_with_5(
    published: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = published.processed / "ledger.db"
    content = bytearray(ledger.read_bytes())
    content[4096 : len(content)] = os.urandom(len(content) - 4096)
    ledger.write_bytes(content)
    assert call(published, "verify") == 1
    assert "restore the ledger" in capsys.readouterr().out
    ledger.write_bytes(b"no ledger at all" * 1000)
    assert call(published, "run", "2018-05") == 5
    said = capsys.readouterr().err
    assert "ledger.db could not be read or written: it is damaged" in said
    assert "report this line" not in said
    [found] = problems(published)
    assert found.kind == "ledger"
    ledger.unlink()
    [found] = problems(published)
    assert (found.kind, found.found) == ("ledger", "it is missing")
    assert not ledger.exists()


def test_a_ledger_that_another_program_has_locked(
    published: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("perfpipe.ledger.database.LOCK_SECONDS", 0.1)
    other = sqlite3.connect(published.processed / "ledger.db", isolation_level=None)
    other.execute("begin immediate")
    late_interview(published)
    assert call(published, "run", "2018-05") == 5
    assert "another program has it locked" in capsys.readouterr().err
    other.close()


@pytest.mark.parametrize(
    ("damage", "found"),
    [(None, "it is missing"), (b"", "it is damaged: 0 bytes, 32 expected"), (b"x" * 31, "it is damaged: 31 bytes")],
)
def test_verify_looks_at_the_key_of_identities(
    published: Workspace, capsys: pytest.CaptureFixture[str], damage: bytes | None, found: str
) -> None:
    key = published.store / "identity.key"
    key.unlink()
    if damage is not None:
        key.write_bytes(damage)
        key.chmod(0o600)
    [problem] = problems(published)
    assert (problem.kind, problem.path) == ("key", "data/raw/.store/identity.key")
    assert problem.found.startswith(found)
    assert "Restore it from the last backup." in problem.what_to_do
    if damage is not None:
        late_interview(published)
        assert call(published, "run", "2018-05") == 5
        assert f"identity.key could not be used: {found}" in capsys.readouterr().err
        assert key.read_bytes() == damage


def test_verify_says_when_others_may_read_the_key(published: Workspace) -> None:
    (published.store / "identity.key").chmod(0o644)
    [problem] = problems(published)
    assert (problem.kind, problem.found) == ("key", "other accounts may read it: its mode is 0644")
    run(published)
    assert problems(published) == []


# what the machine does not let


@pytest.mark.soak
@pytest.mark.parametrize("at", ["board_pack.xlsx", ".parquet", ".store", "identity.key"])
def test_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    workspace, real = delivered(tmp_path / "w"), os.replace

    def full(source: Path, target: Path) -> None:
        if at in str(target):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    assert call(workspace, "run", "2018-05") == 5
    said = capsys.readouterr().err
    assert "the disk is full. Free some space, then run the command again." in said
    assert str(workspace.root) in said
    monkeypatch.undo()
    assert not list(workspace.reports.rglob("*.xlsx"))
    with runs_of_a_year(), runs_draw(one_small_picture):
        assert run(workspace)[0].pack.parent.name == "1"


@pytest.mark.soak
def test_explain_and_check_read_only_while_a_run_is_in_progress(
    published: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    late_interview(published)
    with hold(published):
        before = bytes_under(published.root, "ledger.db-")
        assert call(published, "explain", "rhi_within_72h", "2018-05") == 0
        assert call(published, "check", "--details") == 0
        heard = capsys.readouterr()
        assert "a run is in progress" in heard.err
        assert "2018-06" in heard.out  # what has just been delivered is checked too
        assert call(published, "figures", "--as-known", "2018-06-30") == 0
        assert call(published, "run", "2018-05") == 4
        assert bytes_under(published.root, "ledger.db-") == before


@pytest.mark.soak
@pytest.mark.parametrize("cleaner", ["run", "explain"])
def test_a_look_that_was_killed_leaves_nothing_after_the_next_run_or_look(
    published: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cleaner: str
) -> None:
    """The copy of a process that lives stays, and so do folders of others."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    others = temporary / "perfpipe-notes"
    others.mkdir()
    with hold(published):
        dead, alive = (look_of_another_process(published, temporary) for _ in range(2))
        dead.kill()
        dead.wait()
        [of_the_dead, _] = looks = sorted(temporary.glob("perfpipe-look-*"), key=lambda each: each.stat().st_mtime)
        for look in looks:
            assert (look / "processed" / "ledger.db").exists()
            os.utime(look, (0, 0))
        if cleaner == "explain":
            assert call(published, "explain", "rhi_within_72h", "2018-05") == 0
    if cleaner == "run":
        run(published)
    assert not of_the_dead.exists()
    assert looks[1].exists()
    assert others.exists()
    alive.communicate("end")
    assert list(temporary.iterdir()) == [others]


def look_of_another_process(workspace: Workspace, temporary: Path) -> subprocess.Popen[str]:
    code = (
        "import sys, pathlib\n"
        "from perfpipe.ledger.hold import hold_or_look\n"
        "from perfpipe.settings.workspace import Workspace\n"
        "with hold_or_look(Workspace(pathlib.Path(sys.argv[1]))):\n"
        "    print('looks', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    made = subprocess.Popen(
        [sys.executable, "-c", code, str(workspace.root)], env=os.environ | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert made.stdout is not None
    assert made.stdout.readline() == "looks\n"
    return made
