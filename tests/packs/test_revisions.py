"""Revisions as readers see them: sentences, the sheet, the rows for analysts. By hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from perfpipe.history.revision import Cause, CauseCount, KnownFigure, RecordChange, Revision
from perfpipe.measures import MEASURES
from perfpipe.measures.counts import Unit
from perfpipe.packs.content.pages.since_page import revision_blocks
from perfpipe.packs.content.revisions import NEVER_SEEN, NO_CHANGE, record_lines, revision_table
from perfpipe.packs.models.blocks import DataTable
from perfpipe.packs.models.revisions import RevisionsBook
from perfpipe.packs.wording.revision_words import CHANGED, NOT_KEPT, sentence, why
from perfpipe.packs.workbooks.revisions_sheet import write_revisions_book

BY_ID = {each.id: each for each in MEASURES}
RHI = BY_ID["rhi_within_72h"]
GONE = RecordChange(Cause.DELETED, "return_home_interviews", 4, "2017-06/a.xlsx", "Episodes", 12, "", "", 0)
LATE = tuple(
    RecordChange(Cause.LATE, "return_home_interviews", 10 + n, "2017-06/a.xlsx", "Episodes", 20 + n, "2017-07/a.xlsx",
                 "Episodes", 21 + n, ("outcome", "interview_at"))
    for n in range(11)
)  # fmt: skip
JUNE = Revision(
    ("rhi_within_72h", "2017-06", "month", "all", "all"), "RHI-06", "return_home_interviews", Unit.PERCENT,
    "36%", "41%", KnownFigure("ok", Fraction(36, 100), "missed"), KnownFigure("ok", Fraction(41, 100), "near"),
    (), (CauseCount(Cause.LATE, 11), CauseCount(Cause.DELETED, 1)), (*LATE, GONE),
)  # fmt: skip


def caused(*causes: CauseCount, cells: tuple[str, ...] = ("interview_at",)) -> Revision:
    records = [replace(LATE[n], cause=each.cause, cells=cells) for each in causes for n in range(each.records)]
    return replace(JUNE, causes=causes, records=tuple(records))


def test_a_revision_in_a_sentence() -> None:
    late = caused(CauseCount(Cause.LATE, 11))
    assert sentence(late, RHI) == "June 2017 rises from 36% to 41%: 11 interviews were entered late."
    both = "11 interviews were entered late and 1 missing episode was deleted"
    assert sentence(JUNE, RHI) == f"June 2017 rises from 36% to 41%: {both}."
    group = replace(late, key=("rhi_within_72h", "2017-06", "year_to_date", "area", "out"))
    assert sentence(group, RHI).startswith("June 2017 (")
    same = replace(caused(CauseCount(Cause.TARGET)), shown_now="36%")
    assert sentence(same, RHI) == "June 2017 stays at 36%, its status changes from missed to near: the target changed."
    none = replace(late, shown="[x]", seen=KnownFigure("not_available", None, "no_data"))
    assert sentence(none, RHI).startswith("June 2017 was [x] and is 41%: ")


def test_causes_in_words() -> None:
    assert why(caused(CauseCount(Cause.CORRECTED, 1))) == "1 interview was corrected"
    assert why(caused(CauseCount(Cause.WITHDRAWN, 3))) == "an extract was withdrawn (3 interviews)"
    assert why(replace(JUNE, settings_kept=False)).endswith(f"; {NOT_KEPT}")
    assert why(caused(CauseCount(Cause.CORRECTED, 2), cells=("category",))) == "2 missing episodes were corrected"
    assert why(caused(CauseCount(Cause.DUE, 4), cells=())) == "4 returns have since become due"
    new = replace(LATE[0], file_then="", sheet_then="", row_then=0, cells=())
    late = replace(JUNE, causes=(CauseCount(Cause.LATE, 3),), records=(new, *LATE[1:3]))
    assert why(late) == "2 interviews and 1 missing episode were entered late"
    placements = replace(caused(CauseCount(Cause.LATE, 2)), dataset="placements", records=())
    assert why(placements) == "2 placement records were entered late"


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_words(cause: Cause) -> None:
    assert why(caused(CauseCount(cause, 1)))
    assert cause in CHANGED or why(caused(CauseCount(cause, 1))).startswith("1 ")


def test_a_pack_says_why_there_is_no_revision() -> None:
    assert revision_table(None, MEASURES).note == NEVER_SEEN
    assert revision_table([], MEASURES).note == NO_CHANGE


def test_figures_with_another_status_come_first() -> None:
    same = replace(JUNE, key=("rhi_within_72h", "2017-05", "month", "all", "all"), now=JUNE.seen)
    table = revision_table([same, JUNE], MEASURES)
    assert [line.month for line in table.lines] == ["June 2017", "May 2017"]
    first = table.lines[0]
    assert (first.was, first.now, first.status_before, first.status_now) == ("36%", "41%", "Missed", "Near")


def test_the_boards_page_has_a_line_for_each_measure_and_leaves_groups_to_the_workbook() -> None:
    accepted = ("rhi_accepted", "2017-06", "month", "all", "all")
    keys = [
        ("rhi_within_72h", month, period, breakdown, group)
        for month, period, breakdown, group in (
            ("2017-05", "month", "all", "all"),
            ("2017-07", "month", "all", "all"),
            ("2017-06", "year_to_date", "all", "all"),
            ("2017-06", "month", "area", "out"),
        )
    ]
    same = [replace(JUNE, key=key, now=replace(JUNE.now, status="missed")) for key in (accepted, *keys)]
    step = replace(JUNE, key=("funnel_completed", *accepted[1:]))
    _, table = revision_blocks(revision_table([step, *same, JUNE], MEASURES))
    assert isinstance(table, DataTable)
    rows = [[(cell.text, cell.below) for cell in row] for row in table.groups[0].rows]
    assert [row[:4] for row in rows] == [
        [(RHI.title, ""), ("June 2017", "and two other months"), ("36%", "Missed"), ("41%", "Near")],
        [(BY_ID["rhi_accepted"].title, ""), ("June 2017", ""), ("36%", "Missed"), ("41%", "Missed")],
    ]
    assert table.note.startswith("Five other figures changed, for other months, groups and measures: ")


def test_the_rows_for_analysts_name_file_sheet_and_row(tmp_path: Path) -> None:
    to_date = replace(JUNE, key=("rhi_within_72h", "2017-07", "year_to_date", "all", "all"))
    table = revision_table([JUNE, to_date], MEASURES)
    book = RevisionsBook("Exampleshire", "July 2017", "Restricted", "f", table, record_lines([JUNE, to_date]))
    write_revisions_book(book, tmp_path / "revisions.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "revisions.xlsx")
    assert workbook.sheetnames == ["Read me", "Revisions", "Rows"]
    rows = [[cell.value for cell in row] for row in workbook["Rows"].iter_rows()]
    assert [row for row in rows if row[1] == "Deleted"] == [
        ["Return home interviews", "Deleted", "2017-06/a.xlsx", "Episodes", 12, "[z]", "[z]", "[z]",
         "RHI-06 2017-06 to 2017-07"]
    ]  # fmt: skip
    said = [cell.value for row in workbook["Revisions"].iter_rows() for cell in row]
    assert "11 interviews were entered late and 1 missing episode was deleted" in said
