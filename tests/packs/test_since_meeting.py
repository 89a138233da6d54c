"""Since the Board last met: which meeting that was, what it was shown, and what has moved since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfpipe.dates.months import Month
from perfpipe.history.last_meeting import LastMeeting, as_cells, meeting_before, pack_day
from perfpipe.packs.charts.draw import draw
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.models.since import SinceMeeting
from perfpipe.packs.workbooks.board_book import write_workbook
from perfpipe.plan import Plan
from tests.pack_builders import delivered, faults, row
from tests.packs.test_plan_pages import DATED, OFFERED, SEPTEMBER, book, frame, made, texts
from tests.plan_builders import KNOWN, load

OCTOBER = Month(2017, 10)
MEETINGS = """
[[meetings]]
on = "2017-06-14"
audience = "board"
data_to = "2017-04"

[[meetings]]
on = "2017-10-18"
audience = "board"
data_to = "2017-08"

[[meetings]]
on = "2017-09-07"
audience = "scrutiny"
data_to = "2017-06"

[[meetings]]
on = "2018-04-25"
audience = "board"
data_to = "2018-02"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return load(tmp_path, DATED[: DATED.index("[[meetings]]")] + MEETINGS)


def received(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "receipt", "day", "before"),
    [
        ("2017-08", "2017-09-06", "2017-10-18", "2017-06-14"),  # the pack for the meeting itself
        ("2017-07", "2017-08-06", "2017-08-06", "2017-06-14"),
        ("2018-03", "2018-04-06", "2018-04-06", "2017-10-18"),  # not the one of 25 April, which is to come
        ("2018-03", "2018-04-26", "2018-04-26", "2018-04-25"),
        ("2017-04", "2017-05-06", "2017-06-14", None),
    ],
)
def test_the_last_meeting_is_the_one_before_the_packs_own_day(
    plan: Plan, month: str, receipt: str, day: str, before: str | None
) -> None:
    own = pack_day(plan, Month.parse(month), received(receipt))
    assert own == date.fromisoformat(day)
    meeting = meeting_before(plan, Month.parse(month), own)
    assert (meeting.on if meeting else None) == before


def since(tmp_path: Path, on: str = "2017-10-18", text: str = DATED, *, as_known: bool = False) -> SinceMeeting:
    """October beside what a meeting was shown of September: offered met its target, the other had no figure."""
    then = as_cells(pd.DataFrame([
        row(OFFERED, SEPTEMBER, OFFERED.periods[0], numerator=85.0, denominator=100.0, value=0.85, target="0.80",
            status="met"),
    ]))  # fmt: skip
    meeting = LastMeeting(date.fromisoformat(on), SEPTEMBER, then, as_known)
    head = PackHead(OCTOBER, "Exampleton", "board", "f" * 64, None)
    data = DataBehind(faults(), delivered(), last_meeting=meeting)
    made = build_content(frame(), head, load(tmp_path, text), KNOWN, data).since
    assert made is not None
    return made


def test_figures_and_statuses_then_and_now_those_with_another_status_first(tmp_path: Path) -> None:
    found = since(tmp_path)
    assert found.heading == "Since the Board met on 18 October 2017 with data to September 2017"
    assert found.note == ""
    assert [(each.code, each.then, each.now, each.status_then, each.status_now) for each in found.figures] == [
        ("RHI-03", "85%", "85%", "Met", "Missed"),
        ("PL-01", "[x]", "612", "[z]", "Met"),
    ]


def test_where_nothing_was_released_the_figures_are_those_known_then_and_it_says_so(tmp_path: Path) -> None:
    assert since(tmp_path, as_known=True).note.startswith("No pack was released for that meeting")


def test_actions_closed_and_late_and_decisions_not_done(tmp_path: Path) -> None:
    assert since(tmp_path).actions == ("No action was completed, has become overdue or has another status.",)
    earlier = since(tmp_path, "2017-10-10")
    assert earlier.actions == (
        "Action 1.1, Do it (Head of Service): done.",
        "Action 1.2, Do the rest (Head of Service): due 15 Oct 2017 and not done.",
    )
    assert earlier.decisions == ("No decision is open.",)
    still = DATED.replace('due = "2017-10-18"\ndone_on = "2017-10-18"', 'due = "2017-10-18"')
    (line,) = since(tmp_path, text=still).decisions
    assert line == "Decision D1, Raise the target (Head of Service): due 18 Oct 2017, overdue."


@pytest.mark.slow
def test_the_sheet_says_where_no_meeting_has_been(tmp_path: Path) -> None:
    sheet = book(made(tmp_path), tmp_path)["Since you met"]
    assert "The Board has not met yet with data, so there is nothing to compare with." in [
        cell.value for line in sheet.iter_rows() for cell in line
    ]


@pytest.mark.slow
def test_the_sheet_has_then_and_now(tmp_path: Path) -> None:
    head = PackHead(OCTOBER, "Exampleton", "board", "f" * 64, None)
    then = as_cells(frame().iloc[:1])
    data = DataBehind(faults(), delivered(), last_meeting=LastMeeting(date(2017, 10, 18), SEPTEMBER, then, True))
    content = build_content(frame(), head, load(tmp_path, DATED), KNOWN, data)
    write_workbook(content, {chart.name: draw(chart) for chart in content.charts}, tmp_path / "pack.xlsx")
    said = texts(openpyxl.load_workbook(tmp_path / "pack.xlsx"), "Since you met")
    assert {"September 2017", "October 2017", "Status then", "Status now", "85%"} <= set(said)
