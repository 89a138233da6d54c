"""Further exports as councils' systems and their analysts' own Excel make them, to the right figure by a layout alone.

The returns are those of `test_exports.py`: 9 of 12 within 72 hours. Of six children placed four are
fostered.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfpipe.check.check import check_workspace
from tests.builders import write_rows
from tests.test_exports import COLUMNS, MONTH, PLACES, SAME, Export, Rows, in_csv, layout, returns, sent
from tests.workspaces import counts, figures_of

OWN = {
    "episode_id": "Missing Episode ID", "child_id": "Person ID", "category": "Category of absence",
    "missing_from": "Date/time missing from", "returned_at": "Date/time returned", "offered": "RHI offered?",
    "outcome": "RHI outcome", "interview_at": "Date of RHI",
}  # fmt: skip


def mosaic(path: Path) -> None:
    """A report with a title, the time of the run, own words, `NULL`, and a last line that counts."""
    rows = returns(lambda moment: f"{moment:%d/%m/%Y %H:%M:%S}")
    for row in rows:
        row[2], row[5], row[6] = "Missing from care", "Yes", "Accepted by young person"
    table: Rows = [["Missing from care - detail"], ["Run at", "06/06/2017 08:15:00"], [], [*OWN.values(), "Worker"]]
    in_csv(path, [*table, *([*row, "NULL"] for row in rows), [], ["Total records: 12"], ["*** End of report ***"]])


def liquidlogic(path: Path) -> None:
    """Business Objects: the table begins in column B, headers in two lines, times in UTC."""
    rows = returns(lambda moment: f"{moment.replace(hour=moment.hour - 1):%Y-%m-%dT%H:%M:%S}.000Z")  # 09:30 in May
    header: list[object] = [name.replace(" ", "\n", 1) for name in OWN.values()]
    write_rows(path, [[], [None, *header], *([None, *row] for row in rows)])


def azeus(path: Path) -> None:
    """Semicolons, the Windows alphabet, months by name, and words where there is nothing."""
    rows = returns(lambda moment: f"{moment:%d-%b-%Y %H:%M}")
    for row in rows[:3]:
        row[7] = "Not applicable \u2013 see notes"
    text = "\r\n".join(";".join(map(str, row)) for row in [list(OWN.values()), *rows])
    path.write_bytes(f"{text}\r\n".encode("cp1252"))


def capita(path: Path) -> None:
    """Numbers with leading zeros, two digits of the year, pipes, and quotes around everything."""
    rows = returns(lambda moment: f"{moment:%d/%m/%y %H:%M}")
    quoted = [[f'"{cell}"' for cell in row] for row in [list(OWN.values()), *rows]]
    quoted[1:] = [[f'"{n:010}"', f'"{n:08}"', *row[2:]] for n, row in enumerate(quoted[1:])]
    path.write_text("".join("|".join(row) + "\n" for row in quoted), encoding="utf-8-sig")


def day_numbers(path: Path) -> None:
    """A table pasted as values: dates are numbers without a format."""
    zero = datetime(1899, 12, 30)
    write_rows(path, [COLUMNS, *returns(lambda moment: (moment - zero).total_seconds() / 86400)])


def hints_below_the_names(path: Path) -> None:
    """A template whose second row says how to fill it in."""
    hints = ["number", "number", "M or A", "dd/mm/yyyy hh:mm", "dd/mm/yyyy hh:mm", "Y or N", "from list", "dd/mm/yyyy"]
    write_rows(path, [COLUMNS, hints, *returns(lambda moment: f"{moment:%d/%m/%Y %H:%M}")])


def three_rows_of_headers(path: Path) -> None:
    rows: Rows = [
        ["Case", None, None, "What happened", None, "Return home interview", None, None],
        ["Numbers", None, None, "Times", None, "Offer", None, "Interview"],
        ["Episode", "Child", "Type", "Missing", "Returned", "Made", "Result", "Date"],
    ]
    write_rows(path, [*rows, *returns(lambda m: m)], ["A1:C1", "A2:C2", "D1:E1", "D2:E2", "F1:H1", "F2:G2"])


def a_sheet_for_each_team(path: Path) -> None:
    """Excel by hand: two teams, each with its title, other orders of columns, and a sheet of look-ups."""
    rows, book = returns(lambda moment: moment), Workbook()
    for title, part, order in (("North (May)", rows[:5], range(8)), ("South (May)", rows[5:], range(7, -1, -1))):
        sheet = book.create_sheet(title)
        for row in [[f"{title} team"], [], list(COLUMNS), *part, [], ["Total", len(part)]]:
            sheet.append([row[n] for n in order] if len(row) == 8 else row)
    lookups = book.worksheets[0]
    lookups.title = "Lists"
    for row in (["Outcome", "Code"], ["accepted", 1], ["declined", 2]):
        lookups.append(row)
    book.save(path)


def labels_around_codes(path: Path) -> None:
    """Codes in front of their labels, behind them, in brackets."""
    places = [
        "U4 Foster placement, own carer",
        "Foster placement (U6)",
        "[U1] Foster",
        "U3 (Relative)",
        "K2 Home",
        "R1 - School",
    ]
    rows = [[f"C{n}", datetime(2016, 5, 1), place, "Full care order (C2)", None] for n, place in enumerate(places)]
    write_rows(path, [list(PLACES.values()), *rows])


def open_in_2049(path: Path) -> None:
    """Social workers by a personnel system: ends in 2049 are open, dates American, two kinds of worker in one code."""
    header = ["Employee", "Start", "End", "Contract type", "FTE", "Post"]
    rows: Rows = []
    for n in range(10):
        contract = "2P: Permanent" if n < 8 else "7) 3A: Agency worker"
        rows.append([f"E{n:04}", f"05/{n + 14}/2016", "12/31/2049", contract, 0.5, "SW"])
    rows += [[f"E{n:04}", "05/16/2015", "04/30/2017", "2P: Permanent", 1, "SW"] for n in range(10, 14)]
    in_csv(path, [header, *rows])


def side_by_side(path: Path) -> None:
    """A return with quarters, the year's total and a comment among its months, and a blank corner."""
    rows: Rows = [
        ["Children's workforce"],
        [None, "Apr-17", "May-17", "Jun-17", "Q1 2017/18", "Comment"],
        ["Vacancies (FTE)", 12.5, 11, "TBC", 23.5, "ok"],
        ["Agency (FTE)", 9, 10, "TBC", 19, None],
        ["Agency covering (FTE)", 6, 4, "TBC", 10, None],
    ]
    write_rows(path, rows)


def dates_and_times_apart(path: Path) -> None:
    """Each date in a column, its time in the next; two interviews have no time, and their day counts to its end."""
    rows: Rows = [["Case", "Child", "Type", *(f"{name} {part}" for name in ("Gone", "Back", "Seen")
                                              for part in ("date", "time")), "Offered", "Result"]]  # fmt: skip
    for n, row in enumerate(returns(lambda moment: f"{moment:%d/%m/%Y|%H:%M}")):
        times = [part for cell in (row[3], row[4], row[7]) for part in str(cell).split("|")]
        times[5] = "" if n > 9 else times[5]
        rows.append([*row[:3], *times, *row[5:7]])
    in_csv(path, rows)


WORKERS = {
    "worker_id": "Employee", "started_on": "Start", "left_on": "End", "contract": "Contract type", "fte": "FTE",
    "role": "Post",
}  # fmt: skip
WORDS = """
[values.category]
"Missing from care" = "M"
[values.outcome]
"Accepted by young person" = "accepted"
"""
NAMED = dict(
    zip(
        COLUMNS,
        ("Case / Numbers / Episode", "Case Numbers Child", "Case / Numbers / Type", "What happened / Times / Missing",
         "What happened / Times / Returned", "Return home interview / Offer / Made",
         "Return home interview / Offer / Result", "Return home interview / Interview / Date"),
        strict=True,
    )
)  # fmt: skip
HINTED = {
    "episode_id": "episode_id / number", "child_id": "child_id / number", "category": "category / M or A",
    "missing_from": "missing_from / dd/mm/yyyy hh:mm", "returned_at": "returned_at / dd/mm/yyyy hh:mm",
    "offered": "offered / Y or N", "outcome": "outcome / from list", "interview_at": "interview_at / dd/mm/yyyy",
}  # fmt: skip
ACROSS = {
    "month": "", "vacancies_fte": "Vacancies (FTE)", "agency_fte": "Agency (FTE)",
    "agency_covering_fte": "Agency covering (FTE)",
}  # fmt: skip
PARTED = {
    "episode_id": "Case", "child_id": "Child", "category": "Type", "missing_from": "Gone date",
    "returned_at": "Back date", "interview_at": "Seen date", "offered": "Offered", "outcome": "Result",
}  # fmt: skip
TIMES = '[times]\nmissing_from = "Gone time"\nreturned_at = "Back time"\ninterview_at = "Seen time"'
EXPORTS = {
    "Mosaic": Export(
        "export.csv",
        mosaic,
        layout("m", 'date_order = "day_first"\nignore = "Worker"\nextracted_at = { cell = "B2" }\n'
               f'totals_row = "Total records"{WORDS}', OWN),
        "RHI-06", (9, 12),
    ),
    "Liquidlogic": Export("export.xlsx", liquidlogic, layout("l", "", OWN), "RHI-06", (9, 12)),
    "Azeus": Export(
        "export.csv",
        azeus,
        layout("a", 'encoding = "cp1252"\ndelimiter = ";"\nblank = "Not applicable \u2013 see notes"', OWN),
        "RHI-06", (9, 12),
    ),
    "Capita ONE": Export(
        "export.txt.csv", capita, layout("c", 'date_format = "dd/mm/yy hh:mm"', OWN), "RHI-06", (9, 12)
    ),
    "numbers of days": Export(
        "export.xlsx", day_numbers, layout("n", 'date_format = "excel"', SAME), "RHI-06", (9, 12)
    ),
    "hints below the names": Export(
        "export.xlsx", hints_below_the_names, layout("h", 'header_rows = 2\ndate_order = "day_first"', HINTED),
        "RHI-06", (9, 12),
    ),
    "three rows of headers": Export(
        "export.xlsx", three_rows_of_headers, layout("3", "header_rows = 3", NAMED), "RHI-06", (9, 12)
    ),
    "a sheet for each team": Export(
        "export.xlsx",
        a_sheet_for_each_team,
        layout("s", 'sheet_parts = { North = "North*", South = "South*" }\nignore_sheets = "Lists"\n'
               'totals_row = "Total"', SAME),
        "RHI-06", (9, 12),
    ),
    "labels around codes": Export(
        "export.xlsx", labels_around_codes, layout("p", "", PLACES, "placements"), "PL-02", (4, 6)
    ),
    "open in 2049": Export(
        "export.csv",
        open_in_2049,
        layout("w", 'open_ends = [2049-12-31]\ndate_order = "month_first"\nleft_on_is = "first_day_not_in_post"\n'
               '[values.contract]\n"2P" = "permanent"\n"3A" = "agency"', WORKERS, "social_workers"),
        "SW-14b", (10, float("nan")),
    ),
    "side by side": Export(
        "export.xlsx",
        side_by_side,
        layout("b", 'turned = true\nblank = "TBC"\nignore = ["Q1 2017/18", "Comment"]', ACROSS, "workforce_monthly"),
        "SW-10b", (4, 10),
    ),
    "dates and times apart": Export(
        "export.csv",
        dates_and_times_apart,
        layout("t", f'date_order = "day_first"\n{TIMES}', PARTED),
        "RHI-06", (9, 12),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_an_export_gives_the_right_figure_by_its_layout_alone(export: Export, tmp_path: Path) -> None:
    workspace = sent(tmp_path, export)
    told = check_workspace(workspace, None, lambda _: None).faults
    assert [(fault.rule, fault.found) for fault in told if fault.severity in ("stop", "exclude")] == []
    assert not {fault.rule for fault in told} & {"code_unknown", "date_unreadable", "time_unreadable"}
    assert counts(figures_of(workspace, MONTH, codes=[export.code]), export.code, MONTH) == pytest.approx(
        export.expected, nan_ok=True
    )
