"""Why figures differ from what was seen, by hand: one small workspace, one thing changed at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import tomlkit

from perfpipe.dates.months import Month
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.history.explained import Explained
from perfpipe.history.revision import Cause, Revision
from perfpipe.ledger.ledger import Ledger
from perfpipe.packs.wording.revision_words import why
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.settings.workspace import Workspace
from tests.history.runs_without_packs import assessed, explained, release_run, revisions_on
from tests.workspaces import Row, deliver, episode, new_workspace

MAY, JUNE = Month(2018, 5), Month(2018, 6)
RHI = "return_home_interviews"
SEEN_ON, LATER = date(2018, 6, 20), date(2018, 7, 20)
WITHIN_72H = ("rhi_within_72h", "2018-05", "month", "all", "all")


def episodes(done: int, of: int = 10) -> list[Row]:
    """Returns of May, the first of them with an interview a day later."""
    return [
        episode(n, child_id=f"C{n}", returned_at=f"{n + 1:02}/05/2018 10:00",
                interview_at=f"{n + 2:02}/05/2018 10:00" if n <= done else "")
        for n in range(1, of + 1)
    ]  # fmt: skip


def deliver_on(workspace: Workspace, folder: str, day: str, rows: Sequence[Row], name: str = "") -> None:
    columns = dict.fromkeys(name for row in rows for name in row)
    rows = [{**dict.fromkeys(columns, ""), **row} for row in rows]
    deliver(workspace, folder, RHI, rows, name or f"{RHI}.csv")
    note = workspace.raw / folder / "delivery.toml"
    note.write_text(f"extracted_at = {day}\ndelivered_on = {day}\n")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    deliver_on(made, "2018-05", "2018-06-06", episodes(4))
    release_run(made, MAY, SEEN_ON)
    return made


def of_may(found: Sequence[Revision]) -> Revision:
    return next(each for each in found if each.key == WITHIN_72H)


def causes(revision: Revision) -> dict[Cause, int]:
    return {each.cause: each.records for each in revision.causes}


@pytest.mark.slow
def test_interviews_that_were_filled_in_were_entered_late(workspace: Workspace) -> None:
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert (found.shown, found.shown_now) == ("40%", "70%")
    assert causes(found) == {Cause.LATE: 3}
    assert [(each.file_then, each.row_then, each.row_now) for each in found.records] == [
        ("2018-05/return_home_interviews.csv", n, n) for n in (6, 7, 8)
    ]


def changed(rows: Sequence[Row], number: int, **values: str) -> list[Row]:
    return [{**row, **values} if row["episode_id"] == f"E{number}" else row for row in rows]


LAST_OF_MAY = "25/05/2018 09:00"
RECORDS = {
    "a value that was another": (changed(episodes(4), 2, interview_at=LAST_OF_MAY), {Cause.CORRECTED: 1}),
    "a value that is gone": (changed(episodes(4), 2, interview_at=""), {Cause.CORRECTED: 1}),
    "a record that is gone": (episodes(4)[1:], {Cause.DELETED: 1}),
    "an end that is gone": (changed(episodes(4), 2, returned_at="", interview_at=""), {Cause.REOPENED: 1}),
    "a new record": ([*episodes(4), episode(99, returned_at="28/05/2018 10:00")], {Cause.LATE: 1}),
    "several": (
        changed(changed(episodes(5)[1:], 2, interview_at=""), 6, interview_at="08/05/2018 10:00"),
        {Cause.LATE: 2, Cause.CORRECTED: 1, Cause.DELETED: 1},
    ),
    "another month": (changed(episodes(4), 2, returned_at="01/06/2018 10:00"), {Cause.CORRECTED: 1}),
}


RECORDS |= {
    "a value that was another, and a cell filled that does not count": (
        changed(episodes(4), 2, interview_at=LAST_OF_MAY, offered_at="05/05/2018 10:00"), {Cause.CORRECTED: 1}
    ),
    "a cell filled that counts, and a value that does not": (
        changed(episodes(4), 6, interview_at="08/05/2018 10:00", placed_or_living_in_la="OUT"), {Cause.LATE: 1}
    ),
}  # fmt: skip


@pytest.mark.slow
def test_what_was_not_known_yet_is_entered_late_and_the_interview_is_named(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "pending")
    pending = [{**row, "outcome": "Accepted" if row["interview_at"] else "Pending"} for row in episodes(4)]
    deliver_on(workspace, "2018-05", "2018-06-06", pending)
    release_run(workspace, MAY, SEEN_ON)
    filled = changed(pending, 6, interview_at="08/05/2018 10:00", outcome="Accepted")
    deliver_on(workspace, "2018-06", "2018-07-06", changed(filled, 7, outcome="Accepted"))
    found = {each.key: each for each in revisions_on(workspace, JUNE, LATER)}
    accepted, in_time = found["rhi_accepted", *WITHIN_72H[1:]], found[WITHIN_72H]
    assert (causes(accepted), causes(in_time)) == ({Cause.LATE: 2}, {Cause.LATE: 1})
    assert why(accepted) == "1 interview and 1 missing episode were entered late"
    assert why(in_time) == "1 interview was entered late"


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("what", RECORDS)
def test_what_became_of_a_record(workspace: Workspace, what: str) -> None:
    rows, expected = RECORDS[what]
    deliver_on(workspace, "2018-06", "2018-07-06", rows)
    assert causes(of_may(revisions_on(workspace, JUNE, LATER))) == expected


@pytest.mark.slow
def test_a_return_that_was_too_recent_fell_due(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "young")
    rows = [*episodes(4), episode(11, child_id="C11", returned_at="31/05/2018 10:00")]
    deliver_on(workspace, "2018-05", "2018-06-01", rows)
    release_run(workspace, MAY, SEEN_ON)
    deliver_on(workspace, "2018-06", "2018-07-06", changed(rows, 11, offered="N"))  # counts in other measures
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert (found.shown, found.shown_now, causes(found)) == ("40%", "36%", {Cause.DUE: 1})


@pytest.mark.slow
def test_a_target_that_changed_changes_the_status_alone(workspace: Workspace) -> None:
    plan = tomlkit.parse(workspace.plan_file.read_text(encoding="utf-8"))
    for step in plan["targets"]["rhi_within_72h"]["steps"]:
        step["target"], step["amber_within"] = "0.30", "0.05"
    workspace.plan_file.write_text(tomlkit.dumps(plan), encoding="utf-8")
    found = of_may(revisions_on(workspace, MAY, LATER))
    assert (found.shown, found.shown_now, causes(found)) == ("40%", "40%", {Cause.TARGET: 0})
    assert (found.seen.status, found.now.status) == ("missed", "met")


@pytest.mark.slow
def test_a_declared_correction_is_a_step_of_its_own_before_the_newer_extract(workspace: Workspace) -> None:
    (workspace.root / "corrections.toml").write_text(
        '[[corrections]]\ndataset = "return_home_interviews"\nkey = { episode_id = "E5" }\n'
        'column = "interview_at"\nfrom = ""\nto = "07/05/2018 10:00"\nreason = "seen in the file"\n'
        'by = "Performance team"\ndate = 2018-07-01\nuntil = "2018-05"\n'
    )
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert causes(found) == {Cause.CORRECTION: 0, Cause.LATE: 2}
    assert [step.after.value for step in found.steps] == [Fraction(5, 10), Fraction(7, 10)]


@pytest.mark.slow
def test_newer_extracts_come_one_by_one_and_the_steps_add_up(workspace: Workspace) -> None:
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    deliver_on(workspace, "2018-07", "2018-08-06", episodes(6)[1:])
    found = of_may(revisions_on(workspace, Month(2018, 7), date(2018, 8, 20)))
    assert [(step.about, step.after.value) for step in found.steps] == [
        ("2018-06/return_home_interviews.csv", Fraction(7, 10)),
        ("2018-07/return_home_interviews.csv", Fraction(5, 9)),
    ]
    assert causes(found) == {Cause.LATE: 2, Cause.DELETED: 1}
    assert added_up(found)


def added_up(revision: Revision) -> bool:
    chain = [revision.seen, *(step.after for step in revision.steps)]
    assert [step.before for step in revision.steps] == chain[:-1]
    return chain[-1] == revision.now


@pytest.mark.soak
@pytest.mark.slow
def test_an_extract_that_was_withdrawn_leaves_the_one_before(workspace: Workspace) -> None:
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    release_run(workspace, JUNE, LATER)
    ledger = Ledger.open(workspace.processed)
    newest = next(each.id for each in ledger.extracts_known(None) if each.folder == "2018-06")
    ledger.close()
    withdraw_extract(workspace, newest, "of another council")
    found = of_may(revisions_on(workspace, JUNE, date(2018, 8, 1)))
    assert (found.shown, found.shown_now, causes(found)) == ("70%", "40%", {Cause.WITHDRAWN: 3})


@pytest.mark.slow
def test_a_withdrawn_extract_is_compared_with_what_came_in_its_place(workspace: Workspace) -> None:
    ledger = Ledger.open(workspace.processed)
    only = ledger.extracts_known(None)[0].id
    ledger.close()
    withdraw_extract(workspace, only, "an old query")
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    assert causes(of_may(revisions_on(workspace, JUNE, LATER))) == {Cause.LATE: 3}


@pytest.mark.slow
@pytest.mark.parametrize("child", ["C8", "C9"])  # whichever of the two extracts has the smaller hash
def test_a_corrected_file_put_over_the_old_one_is_compared_with_it(workspace: Workspace, child: str) -> None:
    deliver_on(workspace, "2018-05", "2018-06-06", changed(episodes(7), 8, child_id=child))
    ledger = Ledger.open(workspace.processed)
    old = ledger.extracts_known(None)[0].id
    ledger.close()
    with pytest.raises(StoppingFaults):
        revisions_on(workspace, MAY, LATER)
    withdraw_extract(workspace, old, "corrected by the source")
    assert causes(of_may(revisions_on(workspace, MAY, LATER))) == {Cause.LATE: 3}


def without_numbers(revisions: Sequence[Revision]) -> list[Revision]:
    """Revisions without the numbers of their records, which are of one comparison alone."""
    return [replace(each, records=tuple(replace(r, record=0) for r in each.records)) for each in revisions]


@pytest.mark.slow
def test_a_figure_is_explained_once_and_alike_whichever_others_are(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = [*episodes(7), episode(11, child_id="C11", returned_at="31/05/2018 10:00", interview_at="01/06/2018 10:00")]
    deliver_on(workspace, "2018-06", "2018-07-06", changed(due, 2, interview_at=LAST_OF_MAY))
    release_run(workspace, JUNE, LATER)
    deliver_on(workspace, "2018-07", "2018-08-06", [*due, episode(12, returned_at="02/06/2018 10:00")])
    with assessed(workspace, Month(2018, 7), date(2018, 8, 20), back=5) as (job, sources, figures):
        whole = without_numbers(explained(job, sources, figures))
        assert {each.key[1] for each in whole} == {"2018-05", "2018-06"}
        before = Explained()
        of_may = figures[figures["month"] == "2018-05"]
        assert without_numbers(explained(job, sources, of_may, before)) == [w for w in whole if w.key[1] == "2018-05"]
        assert without_numbers(explained(job, sources, figures, before)) == whole
        monkeypatch.setattr("perfpipe.history.causes.inputs_of_run", None)  # nothing is made again
        assert without_numbers(explained(job, sources, figures, before)) == whole
        other = replace(job, settings=job.settings.model_copy(update={"low_base": 19}))
        with pytest.raises(TypeError):  # by other settings everything is
            explained(other, sources, figures, before)


@pytest.mark.slow
def test_where_an_input_was_erased_nothing_can_be_told_apart(workspace: Workspace) -> None:
    for copy in workspace.earlier_settings.glob("*"):
        copy.unlink()
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(text + "\n# another word\n", encoding="utf-8")
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert causes(found) == {Cause.NOT_SEPARABLE: 0}
    assert added_up(found)


@pytest.mark.slow
def test_another_program_is_a_step_of_its_own(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.processed / "ledger.db") as database:
        database.execute("UPDATE runs SET code_version = 'older'")
        where = 'WHERE measure_id = ? AND month = ? AND period = ? AND breakdown = ? AND "group" = ?'
        database.execute(f"UPDATE figures SET value = 0.3, numerator = 3 {where}", WITHIN_72H)
        database.execute(f"UPDATE published_cells SET number = '30', shown = '30%' {where}", WITHIN_72H)
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert causes(found) == {Cause.PROGRAM: 0, Cause.LATE: 3}
    assert [step.after.value for step in found.steps] == [Fraction(4, 10), Fraction(7, 10)]


@pytest.mark.slow
def test_nothing_is_revised_where_nothing_was_seen_or_nothing_has_changed(workspace: Workspace, tmp_path: Path) -> None:
    assert revisions_on(workspace, MAY, LATER) == []
    fresh = new_workspace(tmp_path / "fresh")
    deliver_on(fresh, "2018-05", "2018-06-06", episodes(4))
    assert revisions_on(fresh, MAY, LATER) == []
