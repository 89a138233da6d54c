"""Faults followed over months: the same fault wherever its record stands; new, open, cleared, no longer covered."""

from __future__ import annotations

import re
import stat
from datetime import date
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.publish.fault_content import histories
from perfpipe.questions.known_on_a_day import job_as_known
from perfpipe.reconcile.fault_history import Clearance, FaultHistory
from perfpipe.settings.workspace import Workspace
from tests.workspaces import EPISODE, Row, deliver, episode, new_workspace

pytestmark = pytest.mark.slow

RHI = "return_home_interviews"
APRIL, MAY, JUNE = Month(2018, 4), Month(2018, 5), Month(2018, 6)
BAD = "soon"  # no time: the fault `time_unreadable`, which leaves the row out of offers in time
LAYOUT = (
    '\n[[layouts.return_home_interviews]]\nname = "monthly"\nfiles = "missing*.csv"\ndate_order = "day_first"\n'
    'covers = { span = "last_12_months", selects_by = "overlap" }\n[layouts.return_home_interviews.columns]\n'
    + "\n".join(f'{name} = "{name}"' for name in (*EPISODE, "offered_at"))
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(LAYOUT)
    return made


def returned(number: int, day: str, offered_at: str = "") -> Row:
    return {**episode(number, returned_at=f"{day} 10:00", outcome=""), "offered_at": offered_at}


def send(workspace: Workspace, month: Month, *rows: Row, name: str = "missing.csv") -> None:
    """An extract sent for a month, which arrived on the third of the next."""
    path = deliver(workspace, str(month), RHI, rows, name)
    after = month + 1
    (path.parent / "delivery.toml").write_text(f"delivered_on = {after}-03\n", encoding="utf-8")


def history(workspace: Workspace, month: Month, day: date | None = None) -> FaultHistory:
    from perfpipe.check.check import check_workspace

    check_workspace(workspace, None, lambda _: None)  # receives
    with job_as_known(workspace, day, month) as (job, sources):
        return histories(job, sources)[RHI]


def test_a_fault_is_the_same_though_row_file_and_column_move(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "02/04/2018", BAD), returned(2, "03/04/2018", BAD), returned(3, "04/04/2018"))
    moved = [returned(3, "04/04/2018", BAD), returned(2, "03/04/2018"), returned(1, "02/04/2018", "later")]
    moved = [dict(reversed(row.items())) for row in moved]
    send(workspace, MAY, *moved, name="missing in May.csv")
    found = history(workspace, MAY)
    # open: 1 since April with another wrong text, 3 since May; cleared: 2
    assert sorted(map(str, found.since.values())) == ["2018-04", "2018-05"]
    assert found.months == {
        APRIL: Clearance(open=2, new=2, rows_left_out=2),
        MAY: Clearance(open=2, new=1, cleared=1, rows_left_out=2),
    }
    assert found.rules == {"time_unreadable": Clearance(open=2, new=1, cleared=1, rows_left_out=2)}


def test_another_fault_of_the_record_is_another_fault(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "02/04/2018", BAD))
    send(workspace, MAY, dict(returned(1, "02/04/2018")) | {"offered": "maybe"})
    assert history(workspace, MAY).rules == {
        "code_unknown": Clearance(open=1, new=1, rows_left_out=1),
        "time_unreadable": Clearance(cleared=1),
    }


def test_a_record_that_the_extract_no_longer_reaches_is_not_called_cleared(workspace: Workspace) -> None:
    late = returned(1, "20/05/2017", BAD)  # the last month of which April's twelve months hold it is May 2017
    gone = returned(2, "20/03/2018", BAD)  # removed at source: May's extract would hold it
    send(workspace, APRIL, late, gone, returned(3, "01/04/2018"))
    send(workspace, MAY, returned(3, "01/04/2018"))
    assert history(workspace, MAY).months[MAY] == Clearance(cleared=1, unseen=1)


def test_a_record_of_the_first_month_that_the_extract_holds_can_be_cleared(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "20/06/2017", BAD), returned(3, "01/04/2018"))
    send(workspace, MAY, returned(3, "01/04/2018"))  # holds June 2017 to May 2018
    assert history(workspace, MAY).months[MAY] == Clearance(cleared=1)


def test_an_end_that_cannot_be_read_counts_by_the_start(workspace: Workspace) -> None:
    unread = dict(returned(1, "")) | {"missing_from": "01/04/2018 10:00", "returned_at": BAD}
    early = dict(returned(2, "")) | {"missing_from": "20/05/2017 10:00", "returned_at": BAD}
    send(workspace, APRIL, unread, early, returned(3, "01/04/2018"))
    send(workspace, MAY, returned(3, "01/04/2018"))
    then = history(workspace, APRIL, date(2018, 5, 31))
    assert then.months[APRIL] == Clearance(open=2, new=2, rows_left_out=2)
    assert history(workspace, MAY).months[MAY] == Clearance(cleared=1, unseen=1)


def test_months_open_are_counted_over_a_month_without_an_extract(workspace: Workspace) -> None:
    for month in (Month(2018, 1), Month(2018, 2), APRIL, MAY):
        send(workspace, month, returned(1, "02/01/2018", BAD))
    found = history(workspace, MAY)
    assert list(map(str, found.since.values())) == ["2018-01"]
    assert list(map(str, found.months)) == ["2018-01", "2018-02", "2018-04", "2018-05"]
    assert [each.long_open for each in found.months.values()] == [0, 0, 0, 1]  # more than three months: from the fourth


def test_a_fault_that_comes_back_is_new_again(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "02/04/2018", BAD))
    send(workspace, MAY, returned(1, "02/04/2018"))
    send(workspace, JUNE, returned(1, "02/04/2018", BAD))
    assert history(workspace, JUNE).months[JUNE] == Clearance(open=1, new=1, rows_left_out=1)


def test_a_month_as_it_was_known_has_the_states_of_then(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "02/04/2018", BAD), returned(2, "03/04/2018", BAD))
    send(workspace, MAY, returned(1, "02/04/2018"), returned(2, "03/04/2018", BAD))
    then = history(workspace, MAY)
    send(workspace, JUNE, returned(1, "02/04/2018", BAD), returned(2, "03/04/2018"))
    assert history(workspace, MAY, date(2018, 6, 30)) == then
    assert then.months[MAY] == Clearance(open=1, cleared=1, rows_left_out=1)
    # as known now, June's extract speaks for May: what it still has wrong there is open
    assert history(workspace, MAY).months[MAY] == Clearance(open=1, cleared=1, rows_left_out=1)


def test_without_an_extract_for_the_month_nothing_is_said_of_it(workspace: Workspace) -> None:
    send(workspace, APRIL, returned(1, "02/04/2018", BAD))
    found = history(workspace, JUNE)
    assert (dict(found.since), dict(found.rules), list(found.months)) == ({}, {}, [APRIL])


def test_repeated_records_are_told_apart_and_a_blank_key_by_its_row(workspace: Workspace) -> None:
    one = returned(1, "02/04/2018")
    nameless = [dict(returned(n, "02/04/2018")) | {"episode_id": "", "child_id": f"C{n}"} for n in (7, 8)]
    send(workspace, APRIL, one, one, one, *nameless)
    send(workspace, MAY, one, one, nameless[0])
    rules = history(workspace, MAY).rules
    assert rules["row_repeated"] == Clearance(open=1, cleared=1)
    assert rules["value_missing"] == Clearance(open=1, cleared=1, rows_left_out=1)


def test_the_ledger_has_no_name_of_a_record_and_the_key_is_for_the_owner_alone(workspace: Workspace) -> None:
    row = dict(returned(1, "02/04/2018", BAD)) | {"episode_id": "EP-5512876", "child_id": "CH-9921733"}
    send(workspace, APRIL, row)
    history(workspace, APRIL)
    ledger = Ledger.open(workspace.processed)
    faults = ledger.faults_of([reading.stem for reading in (workspace.processed / RHI).glob("*[0-9a-f].parquet")])
    ledger.close()
    unreadable = [fault.identity for fault in faults if fault.rule == "time_unreadable"]
    assert unreadable
    assert all(re.fullmatch("[0-9a-f]{16}", identity) for identity in unreadable)
    content = b"".join(path.read_bytes() for path in workspace.processed.glob("ledger.db*"))
    assert b"5512876" not in content
    assert b"9921733" not in content
    assert stat.S_IMODE((workspace.store / "identity.key").stat().st_mode) == 0o600


def test_two_workspaces_name_one_record_differently(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        made = new_workspace(tmp_path / name)
        deliver(made, "2018-04", RHI, [returned(1, "02/04/2018", BAD)])
        found.append(set(history(made, APRIL).since))
    assert len(found[0]) == 1
    assert not found[0] & found[1]
