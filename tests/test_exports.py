"""Exports as councils send them, from the file to the right figure by a layout alone. Figures by hand.

The returns are twelve of May 2017, back on the 1st to the 12th at 09:30: the first three seen after four days, the
others after two days and half an hour, so that 9 of 12 are within 72 hours, whatever the export looks like.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.cli.explain_text import lines_of
from perfpipe.dates.months import Month
from perfpipe.questions.explain_figure import explain
from perfpipe.settings.workspace import Workspace
from tests.builders import write_rows
from tests.workspaces import counts, figures_of, new_workspace

MONTH = "2017-05"
Rows = list[list[object]]
COLUMNS = ("episode_id", "child_id", "category", "missing_from", "returned_at", "offered", "outcome", "interview_at")


def returns(when: Callable[[datetime], object], number: int = 12) -> Rows:
    """The twelve returns in the order of `COLUMNS`, their times written by `when`."""
    rows: Rows = []
    for n in range(number):
        back = datetime(2017, 5, 1 + n, 9, 30)
        seen = back + (timedelta(days=4) if n < 3 else timedelta(days=2, minutes=30))
        times = [when(moment) for moment in (back - timedelta(hours=20), back, seen)]
        rows.append([f"E{n:03}", f"C{n:03}", "M", times[0], times[1], "Y", "accepted", times[2]])
    return rows


def in_csv(path: Path, rows: Sequence[Sequence[object]], delimiter: str = ",") -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def layout(name: str, keys: str, columns: Mapping[str, str], dataset: str = "return_home_interviews") -> str:
    mapped = "\n".join(f'{column} = "{header}"' for column, header in columns.items())
    head, _, tables = keys.partition("\n[")
    tables = (
        f"\n[{tables}".replace("[values", f"[layouts.{dataset}.values")
        .replace("[date_format", f"[layouts.{dataset}.date_format")
        .replace("[times", f"[layouts.{dataset}.times")
    )
    covers = 'covers = { span = "last_12_months", selects_by = "overlap" }' if dataset != "workforce_monthly" else ""
    return (
        f'\n[[layouts.{dataset}]]\nname = "{name}"\nfiles = "export*"\n{covers}\n{head}\n'
        f"[layouts.{dataset}.columns]\n{mapped}\n{tables if tables != chr(10) + '[' else ''}\n"
    )


SAME = {name: name for name in COLUMNS}


@dataclass(frozen=True)
class Export:
    """One export: how its file is built, its layout, and the figure."""

    file: str
    build: Callable[[Path], None]
    layout: str
    code: str
    expected: tuple[float, float]


def words_for_blank(path: Path) -> None:
    rows = returns(lambda moment: moment)
    for row, word in zip(rows[:3], ("N/A", "not recorded ", "-"), strict=True):
        row[7] = word  # never seen
    rows[3][6] = "TBC"  # an outcome to be confirmed
    write_rows(path, [COLUMNS, *rows])


def oracle(path: Path) -> None:
    rows = returns(lambda moment: f"{moment:%d-%b-%y %I.%M.%S}.000000 {moment:%p}".upper())
    in_csv(path, [[name.upper() for name in COLUMNS], *rows], ";")


def american(path: Path) -> None:
    in_csv(path, [COLUMNS, *returns(lambda moment: f"{moment.month}/{moment.day}/{moment:%y %I:%M %p}")])


def dots(path: Path) -> None:
    write_rows(path, [COLUMNS, *returns(lambda moment: f"{moment:%d.%m.%y %H.%M}")])


def sql_server(path: Path) -> None:
    in_csv(path, [COLUMNS, *returns(lambda m: f"{m:%b} {m.day:2} {m.year} {m.hour % 12 or 12:2}:{m:%M%p}")], "\t")


def kept_zeros(path: Path) -> None:
    rows = returns(lambda moment: f'="{moment:%d/%m/%Y %H:%M}"')
    in_csv(path, [COLUMNS, *([f'="{n:05}"', f"'{n:05}", *row[2:]] for n, row in enumerate(rows))])


def copied_from_a_page(path: Path) -> None:
    rows = returns(lambda moment: f"\u200e{moment:%d/%m/%Y}\u00a0{moment:%H:%M}")
    header = [f"\ufeff{name}\u00ad" for name in COLUMNS]
    in_csv(path, [header, *([row[0], *row[1:5], "\u200bY", "accep\u00adted", row[7]] for row in rows)])


def offer_and_outcome(path: Path) -> None:
    rows = returns(lambda moment: moment)
    answers = ["Y", "Y", "N", *["Declined"] * 2, *["Y"] * 7]  # 11 of 12 offered, 9 of these accepted
    table = [[*row[:5], answer, row[7] if answer == "Y" else None] for row, answer in zip(rows, answers, strict=True)]
    write_rows(path, [[*COLUMNS[:5], "Y / N / Declined", "interview_at"], *table])


def two_rows_of_headers(path: Path) -> None:
    groups = ["Episode", None, None, "Dates and times", None, "Return home interview", None, None]
    names = ["ID", "Child ID", "Type", "Missing", "Returned", "Offered", "Outcome", "Date"]
    rows = [["Missing children report"], [], groups, names, *returns(lambda moment: moment)]
    write_rows(path, rows, ["A1:H1", "A3:C3", "D3:E3", "F3:H3"])


def at_24_hours(path: Path) -> None:
    """Back at 24:00 on the last twelve days of May, seen 72 hours later, but three of them two minutes after that."""
    rows = []
    for n, row in enumerate(returns(lambda moment: moment)):
        seen = f"{datetime(2017, 5, 14 + n):%d/%m/%Y} " + ("00:02" if n < 3 else "00:00:00")
        times = [f"{10 + n}/05/2017 13:00", f"{10 + n}/05/2017 24:00", seen]
        if n >= 3:
            times[2] = f"{13 + n}/05/2017 24:00"
        rows.append([*row[:3], *times[:2], *row[5:7], times[2]])
    in_csv(path, [COLUMNS, *rows])


def codes_with_labels(path: Path) -> None:
    places = [
        "f) U4: Foster",
        "zz) U4: Foster placement",
        "2A: Own carer",
        "k) 2A: Own carer",
        "3D - Home",
        "j) 3D: Home",
    ]
    rows = [[f"C{n}", 20160501, place, "C2"] for n, place in enumerate(places)]
    write_rows(path, [["Child", "Start", "Placement", "Status", "End"], *([*row, "-"] for row in rows)])


def months_across(path: Path) -> None:
    rows = [
        ["Workforce return"],
        [],
        ["Measure", "Apr-17", "May-17", "Jun-17", "Total"],
        ["Vacant posts", 12.5, 11, None, 23.5],
        ["Agency staff", 9, 10, None, 19],
        ["of which cover", 6, 4, None, 10],
        ["Comment", "as agreed", None, None, None],
        ["Source: HR"],
    ]
    write_rows(path, rows)


def decimal_commas(path: Path) -> None:
    """Ten of twenty children over 20 miles away: 10,5 to 29,5."""
    rows = [[f"C{n:02}", f"{1 + n:02}-MAR-16", "U6", "C2", None, f"{10 + n},5", "OUT"] for n in range(20)]
    in_csv(path, [["Child", "Start", "Placement", "Status", "End", "Miles", "Side"], *rows], ";")


def thousands_apart(path: Path) -> None:
    rows = [["Measure", "Apr-17", "May-17"], ["Vacant posts", "1,012.5", "1,000"], ["Agency staff", "900", "1,250.5"],
            ["of which cover", "600", "500.2"]]  # fmt: skip
    in_csv(path, rows)


OFFER = """
[values.offered]
"Declined" = "Y"
[values.outcome]
"Y" = "accepted"
"N" = ""
"Declined" = "declined_child"
"""
GROUPED = dict(
    zip(
        COLUMNS,
        ("Episode / ID", "Episode Child ID", "Episode / Type", "Dates and times / Missing",
         "Dates and times / Returned", "Return home interview / Offered", "Return home interview / Outcome",
         "Return home interview Date"),
        strict=True,
    )
)  # fmt: skip
PLACES = {
    "child_id": "Child", "started_on": "Start", "placement_code": "Placement", "legal_status_code": "Status",
    "ceased_on": "End",
}  # fmt: skip
ACROSS = {
    "month": "Measure", "vacancies_fte": "Vacant posts", "agency_fte": "Agency staff",
    "agency_covering_fte": "of which cover",
}  # fmt: skip
EXPORTS = {
    "words for blank": Export(
        "export.xlsx",
        words_for_blank,
        layout("blank", 'blank = ["n/a", "Not recorded", "-"]\n[values.outcome]\n"TBC" = ""', SAME),
        "RHI-06",
        (9, 12),
    ),
    "Oracle": Export(
        "export.csv", oracle, layout("o", 'date_format = "DD-MON-RR HH.MI.SSXFF AM"', SAME), "RHI-06", (9, 12)
    ),
    "American, two digits of the year": Export(
        "export.csv", american, layout("a", 'date_format = "m/d/yy h:mm AM"', SAME), "RHI-06", (9, 12)
    ),
    "dots, one column each": Export(
        "export.xlsx",
        dots,
        layout(
            "d",
            '\n[date_format]\nmissing_from = "dd.mm.yy hh.mm"\nreturned_at = "d.m.yy h.mm"\ninterview_at = "dd.mm.yy"',
            SAME,
        ),
        "RHI-06",
        (9, 12),
    ),
    "SQL Server, without a key": Export("export.tsv", sql_server, layout("s", "", SAME), "RHI-06", (9, 12)),
    "zeros kept from Excel": Export(
        "export.csv", kept_zeros, layout("k", 'date_order = "day_first"', SAME), "RHI-06", (9, 12)
    ),
    "invisible signs": Export(
        "export.csv", copied_from_a_page, layout("i", 'date_order = "day_first"', SAME), "RHI-06", (9, 12)
    ),
    "offered, of one column for two": Export(
        "export.xlsx",
        offer_and_outcome,
        layout("c", OFFER, SAME | {"offered": "Y / N / Declined", "outcome": "Y / N / Declined"}),
        "RHI-03",
        (11, 12),
    ),
    "accepted, of one column for two": Export(
        "export.xlsx",
        offer_and_outcome,
        layout("c", OFFER, SAME | {"offered": "Y / N / Declined", "outcome": "Y / N / Declined"}),
        "RHI-04",
        (9, 11),
    ),
    "two rows of headers": Export(
        "export.xlsx", two_rows_of_headers, layout("t", "header_rows = 2", GROUPED), "RHI-06", (9, 12)
    ),
    "24:00": Export("export.csv", at_24_hours, layout("m", 'date_order = "day_first"', SAME), "RHI-06", (9, 12)),
    "codes with labels": Export(
        "export.xlsx",
        codes_with_labels,
        layout(
            "p",
            'blank = "-"\ndate_format = "yyyymmdd"\n[values.placement_code]\n"2A" = "U4"\n"3D" = "K2"',
            PLACES,
            "placements",
        ),
        "PL-02",
        (4, 6),
    ),
    "decimal commas": Export(
        "export.csv",
        decimal_commas,
        layout("d", 'decimal = ","', PLACES | {"distance_miles": "Miles", "location": "Side"}, "placements"),
        "PL-09",
        (10, 20),
    ),
    "months across, thousands apart": Export(
        "export.csv",
        thousands_apart,
        layout("w", 'turned = true\ndecimal = "."', ACROSS, "workforce_monthly"),
        "SW-10b",
        (500.2, 1250.5),
    ),
    "months across": Export(
        "export.xlsx",
        months_across,
        layout("w", 'turned = true\ntotals_row = "Total"\nignore = "Comment"', ACROSS, "workforce_monthly"),
        "SW-10b",
        (4, 10),
    ),
}


def sent(root: Path, export: Export) -> Workspace:
    workspace = new_workspace(root)
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write(export.layout)
    folder = workspace.raw / MONTH
    folder.mkdir(parents=True)
    (folder / "delivery.toml").write_text("delivered_on = 2017-06-06\n", encoding="utf-8")
    export.build(folder / export.file)
    return workspace


@pytest.mark.slow
@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_an_export_gives_the_right_figure_by_its_layout_alone(export: Export, tmp_path: Path) -> None:
    workspace = sent(tmp_path, export)
    assert counts(figures_of(workspace, MONTH, codes=[export.code]), export.code, MONTH) == export.expected
    faults = check_workspace(workspace, None, lambda _: None).faults
    assert [fault for fault in faults if fault.severity in ("stop", "exclude")] == []
    assert not {fault.rule for fault in faults} & {"code_unknown", "date_unreadable", "time_unreadable"}


@pytest.mark.slow
def test_a_fault_in_a_turned_export_is_told_where_it_stands_in_the_file(tmp_path: Path) -> None:
    workspace = sent(tmp_path, EXPORTS["months across"])
    rows = [
        ["Measure", "Apr-17", "May-17"],
        ["Vacant posts", 12.5, "few"],
        ["Agency staff", 9, 10],
        ["of which cover", 6, 4],
    ]
    write_rows(workspace.raw / MONTH / "export.xlsx", rows)
    faults = check_workspace(workspace, None, lambda _: None).faults
    assert [(f.rule, f.address) for f in faults if f.rule == "number_unreadable"] == [
        ("number_unreadable", f"{MONTH}/export.xlsx, sheet Sheet, row 2, column C (Vacant posts)")
    ]
    (explained, *_) = explain(workspace, "vacancy_rate", Month(2017, 4))
    told = "\n".join(lines_of(explained))
    assert f"{MONTH}/export.xlsx, sheet Sheet (extract" in told
    assert "1 column: B" in told
    rows[2][0] = "Agency workers"
    write_rows(workspace.raw / MONTH / "export2.xlsx", rows)
    (stop,) = [f for f in check_workspace(workspace, None, lambda _: None).faults if f.severity == "stop" and f.sheet]
    assert stop.address == f"{MONTH}/export2.xlsx, sheet Sheet, column A"
    assert "no column for agency_fte (expected 'Agency staff')" in stop.found


@pytest.mark.soak
@pytest.mark.slow
def test_explain_gives_the_columns_of_a_turned_export(tmp_path: Path) -> None:
    """Each return stands in a column: those that count, and one left out."""
    turned = layout("side by side", "turned = true", SAME)
    workspace = sent(tmp_path, Export("export.xlsx", kept_zeros, turned, "", (0, 0)))
    rows = returns(lambda moment: moment)
    rows[4][7] = "soon"
    write_rows(workspace.raw / MONTH / "export.xlsx", list(zip(COLUMNS, *rows, strict=True)))
    (fault,) = [
        fault for fault in check_workspace(workspace, None, lambda _: None).faults if fault.severity == "exclude"
    ]
    assert fault.address == f"{MONTH}/export.xlsx, sheet Sheet, row 8, column F (interview_at)"
    told = lines_of(explain(workspace, "rhi_within_72h", Month.parse(MONTH))[0])
    assert "    in the numerator (and, of a share, in the denominator): 8 columns: E, G, H, I, J, K, L, M" in told
    assert "    in the denominator only: 3 columns: B, C, D" in told
    assert "    left out, interview time unreadable: 1 column: F" in told
