"""What an audience saw, by hand: releases by a person, by a meeting's day, and drafts of what is signed off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.datasets.definition import Selects
from perfpipe.dates.months import Month
from perfpipe.history.last_meeting import last_meeting
from perfpipe.history.release import release, reopen
from perfpipe.history.seen import editions_seen, is_signed_off, last_shown
from perfpipe.ledger.history_records import ReleasedBy, ReleaseRecord
from perfpipe.ledger.history_tables import CELLS
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import (
    DeliveryRecord,
    EditionRecord,
    PackAudience,
    ReadingRecord,
    RunRecord,
    RunState,
    StoredFile,
)
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.questions.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace, one

BOARD = PackAudience.BOARD
APRIL, MAY = Month(2018, 4), Month(2018, 5)
EMPTY = Month(2018, 2)  # a month of which no extract came
MEETING = '\n[[meetings]]\non = "2018-07-11"\naudience = "board"\ndata_to = "2018-05"\n'


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path)
    yield ledger
    ledger.close()


def plan_with(tmp_path: Path, meeting: str = "") -> Plan:
    workspace = new_workspace(tmp_path / "planned")
    with workspace.plan_file.open("a", encoding="utf-8") as file:
        file.write(meeting)
    return load_plan(workspace.plan_file, MEASURES)


def reading_in(ledger: Ledger) -> str:
    """A reading for runs to have used."""
    if ledger.reading("r1") is None:
        at = moment("2018-06-01")
        with ledger.writing():
            delivery = DeliveryRecord("e1", "2018-05", "placements.csv", None, at, at)
            ledger.add_delivery("placements", [StoredFile("placements.csv", "0" * 64, 1)], delivery)
            reading = ReadingRecord(
                "r1", "e1", "placements", "standard", at, MAY, MAY, Selects.OVERLAP, False, "", 3, None, None
            )
            ledger.add_reading(reading, [])
    return "r1"


def edition(ledger: Ledger, month: Month, number: int, day: str, shown: str = "41") -> int:
    """An edition as a run of that day published it, which used one reading and showed one figure; gives its id."""
    run = RunRecord(month, month - 35, RunState.DONE, "f", None, None, moment(day), "", "", "")
    key = ("rhi_within_72h", "2018-05", "month", "all", "all")
    cells = CELLS.empty()
    cells.loc[0] = [*key, "ok", "met", shown, f"{shown}%"]
    used = {} if month == EMPTY else {reading_in(ledger): (month,)}
    with ledger.writing():
        run_id = ledger.add_run(run, used, [])
        pack = ledger.add_pack(EditionRecord(run_id, month, BOARD, number, "0" * 64))
        ledger.add_cells(pack, cells.astype(CELLS.dtypes))
    return pack


def test_a_meeting_has_seen_the_newest_edition_published_before_its_day(ledger: Ledger, tmp_path: Path) -> None:
    plan = plan_with(tmp_path, MEETING)
    edition(ledger, MAY, 1, "2018-06-20")
    second = edition(ledger, MAY, 2, "2018-07-10")
    edition(ledger, MAY, 3, "2018-07-11")
    edition(ledger, APRIL, 1, "2018-07-01")
    assert editions_seen(ledger, plan, BOARD, moment("2018-07-10")) == ()
    assert editions_seen(ledger, plan, BOARD, moment("2018-07-11")) == (second,)


def test_a_meeting_releases_nothing_to_anybody_else(ledger: Ledger, tmp_path: Path) -> None:
    edition(ledger, MAY, 1, "2018-06-20")
    plan = plan_with(tmp_path, MEETING)
    assert editions_seen(ledger, plan, PackAudience.ANALYST, moment("2018-08-01")) == ()


def test_without_meetings_and_releases_nothing_was_seen(ledger: Ledger, tmp_path: Path) -> None:
    edition(ledger, MAY, 1, "2018-06-20")
    assert editions_seen(ledger, plan_with(tmp_path), BOARD, moment("2018-08-01")) == ()
    assert last_shown(ledger, (), [MAY]) is None


def test_an_edition_made_from_no_extract_was_never_seen(ledger: Ledger, tmp_path: Path) -> None:
    edition(ledger, EMPTY, 1, "2018-06-20")
    meeting = MEETING.replace("2018-05", "2018-02")
    assert editions_seen(ledger, plan_with(tmp_path, meeting), BOARD, moment("2018-08-01")) == ()


def test_of_each_figure_the_last_edition_seen_counts_not_the_last_made(ledger: Ledger) -> None:
    first, second = edition(ledger, MAY, 1, "2018-06-20", "41"), edition(ledger, MAY, 2, "2018-07-10", "47")
    for seen, shown in (((first, second), "47%"), ((second, first), "41%"), ((first,), "41%")):
        cells = last_shown(ledger, seen, [APRIL, MAY])
        assert cells is not None
        assert cells["shown"].tolist() == [shown]
    none = last_shown(ledger, (first,), [APRIL])
    assert none is not None
    assert none.empty


def test_a_release_counts_from_its_day_on_and_signs_off_until_then(ledger: Ledger, tmp_path: Path) -> None:
    plan, pack = plan_with(tmp_path), edition(ledger, MAY, 1, "2018-06-20")
    at = moment("2018-06-21")
    with ledger.writing():
        day = date(2018, 7, 11)
        ledger.add_release(ReleaseRecord(pack, BOARD, day, ReleasedBy.PERSON, "performance", "", "July", at))
    eve, meeting = moment("2018-07-10"), moment("2018-07-11")
    assert [is_signed_off(ledger, BOARD, MAY, each) for each in (eve, meeting)] == [True, False]
    assert not is_signed_off(ledger, BOARD, APRIL, eve)
    assert [editions_seen(ledger, plan, BOARD, each) for each in (eve, meeting)] == [(), (pack,)]


def test_the_last_meeting_was_shown_what_was_released_for_it_else_what_was_known_then(
    ledger: Ledger, tmp_path: Path
) -> None:
    plan = plan_with(tmp_path, MEETING)
    pack = edition(ledger, MAY, 1, "2018-07-10", "41")
    known = ASSESSED.empty()
    asked: list[tuple[str, Month]] = []

    def figures(until: datetime, month: Month) -> pd.DataFrame:
        asked.append((until.isoformat(), month))
        return known

    july = Month(2018, 7)
    released = last_meeting(ledger, plan, july, moment("2018-08-06"), (pack,), figures)
    assert released is not None
    assert (released.on, released.data_to, released.as_known) == (date(2018, 7, 11), MAY, False)
    assert released.shown["shown"].tolist() == ["41%"]
    assert asked == []
    assert last_meeting(ledger, plan, july, moment("2018-08-06"), (), figures) is None  # nothing was known then
    assert asked == [("2018-07-11T22:59:59+00:00", MAY)]


EPISODES = [
    episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00"),
    episode(2, returned_at="04/05/2018 10:00"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with an extract for May, and a meeting in July that is shown May."""
    made = new_workspace(tmp_path / "workspace")
    deliver(made, "2018-05", "return_home_interviews", EPISODES)
    (made.raw / "2018-05" / "delivery.toml").write_text("delivered_on = 2018-06-06\n")
    with made.plan_file.open("a", encoding="utf-8") as file:
        file.write(MEETING)
    return made


def late_interview(workspace: Workspace) -> None:
    late = {**EPISODES[1], "interview_at": "05/05/2018 09:00"}
    deliver(workspace, "2018-06", "return_home_interviews", [EPISODES[0], late])
    (workspace.raw / "2018-06" / "delivery.toml").write_text("delivered_on = 2018-07-06\n")


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_what_is_signed_off_gets_drafts_until_the_meeting_or_until_it_is_reopened(workspace: Workspace) -> None:
    june, july, august = (moment(f"2018-{month}-07") for month in ("06", "07", "08"))
    first = run_month(workspace, MAY, started_at=june)
    signed = release(workspace, MAY, BOARD, "performance", "Board of July", now=june)
    assert (signed.edition.edition, signed.on) == (1, date(2018, 7, 11))
    assert not run_month(workspace, MAY, started_at=july).changed  # nothing new: the edition stands

    late_interview(workspace)
    draft = run_month(workspace, MAY, started_at=july)
    assert draft.pack.parent.name == "draft-1"
    assert not run_month(workspace, MAY, started_at=july).changed
    book = openpyxl.load_workbook(draft.pack)
    assert all(str(sheet["A1"].value).startswith("Draft, not for the Board") for sheet in book)
    figures = one(figures_known(workspace, MAY), "RHI-06", "2018-05")
    assert (figures["value"], figures["run_id"], figures["revised"]) == (0.5, first.run_id, False)

    second = run_month(workspace, MAY, started_at=august)  # the meeting has been
    assert second.pack.parent.name == "2"
    figures = one(figures_known(workspace, MAY), "RHI-06", "2018-05")
    assert (figures["value"], figures["revised"]) == (1.0, True)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_a_reopened_month_makes_editions_again_and_was_not_seen(workspace: Workspace) -> None:
    june, july = moment("2018-06-07"), moment("2018-07-07")
    run_month(workspace, MAY, started_at=june)
    release(workspace, MAY, BOARD, "performance", "Board of July", now=june)
    with pytest.raises(SettingsError, match="edition 1 is released to the board already"):
        release(workspace, MAY, BOARD, "performance", "again", now=june)
    late_interview(workspace)
    reopen(workspace, MAY, BOARD, "performance", "a late interview", now=july)
    assert run_month(workspace, MAY, started_at=july).pack.parent.name == "2"
    assert not one(figures_known(workspace, MAY), "RHI-06", "2018-05")["revised"]
    with pytest.raises(SettingsError, match="nothing to reopen"):
        reopen(workspace, MAY, BOARD, "performance", "again", now=july)


def test_there_is_nothing_to_release_of_a_month_without_an_edition(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match="2018-05 has no board pack to release: expected an edition, found none"):
        release(workspace, MAY, BOARD, "performance", "Board of July")
