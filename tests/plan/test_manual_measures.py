"""Measures typed by hand: from a sheet to figures, pack, explanation and revision, and every sheet that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfpipe.assess.assess import assess
from perfpipe.check.check import check_workspace
from perfpipe.cli.dataset_guide import write_template
from perfpipe.cli.explain_text import lines_of
from perfpipe.compute.compute import compute
from perfpipe.datasets.manual_measures import MANUAL_MEASURES
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.history.release import release
from perfpipe.job.job import measure_rows
from perfpipe.ledger.records import PackAudience
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.plan.write import keep_copy
from perfpipe.publish.summaries import all_faults
from perfpipe.questions.explain_figure import explain
from perfpipe.questions.queries import figures_known
from perfpipe.run import StoppingFaults, open_job, receive_files, run_month, sources_of
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import PLAN_FILE as PLAN
from tests.builders import write_xlsx
from tests.workspaces import figures_of, new_workspace

COUNT = """\
[[manual_measures]]
id = "private_fostering_notified"
code = "R7-01"
title = "Private fostering arrangements notified"
unit = "count"
polarity = "none"
owner = "fostering_manager"
definition = "Private fostering arrangements notified in the month"
why_it_matters = "Few are notified; nobody knows of the others"
source = "Visit log"
recommendation = "7"

"""
CONTACTS, REVIEWS, VISITS = "contacts_decided_1_day", "reviews_on_time", "private_fostering_visits"
NOTIFIED = "private_fostering_notified"
GROUPS = ("Police", "Health", "Schools", "Others")
Row = dict[str, object]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path)
    plan = PLAN.read_text(encoding="utf-8").replace("# Targets. A changed", f"{COUNT}# Targets. A changed")
    made.plan_file.write_text(plan, encoding="utf-8")
    return made


def typed(measure: str, month: str, top: object, bottom: object = None, group: str = "") -> Row:
    return {
        "measure_id": measure, "month": month, "group": group or None, "numerator": top, "denominator": bottom,
        "source": "Log", "entered_by": "A. Typist",
    }  # fmt: skip


def by_group(month: str, *numbers: tuple[int, int]) -> list[Row]:
    return [typed(CONTACTS, month, *pair, group) for group, pair in zip(GROUPS, numbers, strict=True)]


MAY = [
    *by_group("2017-05", (90, 100), (40, 50), (17, 20), (3, 30)),
    typed(REVIEWS, "2017-05", 48, 60),
    typed(NOTIFIED, "05/2017", 3),
]


def type_in(workspace: Workspace, folder: str, rows: Sequence[Row]) -> Path:
    """Put a sheet into a delivery folder: headers in row 1, the first number in row 2."""
    return write_xlsx(workspace.raw / folder / "manual_measures.xlsx", rows)


def typed_figures(workspace: Workspace, month: str) -> pd.DataFrame:
    """Assessed figures of the manual measures alone."""
    with open_job(workspace, Month.parse(month)) as job:
        sources = sources_of(job, receive_files(job))
        own = [measure for measure in job.measures if measure.basis.dataset is MANUAL_MEASURES]
        return assess(compute(measure_rows(job, sources), own), job.plan, own)


def at(figures: pd.DataFrame, measure: str, month: str, group: str = "all") -> pd.Series:
    chosen = figures[(figures["measure_id"] == measure) & (figures["month"] == month) & (figures["group"] == group)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def numbers(figures: pd.DataFrame, measure: str, month: str, group: str = "all") -> tuple[float, float, float]:
    figure = at(figures, measure, month, group)
    assert figure["state"] == "ok", figure["state_reason"]
    return figure["numerator"], figure["denominator"], figure["value"]


def refused(workspace: Workspace, month: str) -> list[tuple[str, int, str]]:
    """Rule, Excel row and column of whatever stops a run; `check` must say the same."""
    with pytest.raises(StoppingFaults) as stopped:
        typed_figures(workspace, month)
    told = [fault for fault in check_workspace(workspace, None, lambda _: None).faults if fault.severity == "stop"]
    assert sorted(map(where, told)) == sorted(map(where, stopped.value.faults))
    for fault in told:
        assert fault.file == f"{month}/manual_measures.xlsx"
        assert fault.sheet == "Records"
    return [where(fault) for fault in stopped.value.faults]


def where(fault: Fault) -> tuple[str, int, str]:
    return fault.rule, fault.row, fault.column


def test_a_percentage_by_group_is_the_sum_of_its_groups(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    figures = typed_figures(workspace, "2017-05")
    assert numbers(figures, CONTACTS, "2017-05") == (150, 200, 0.75)  # 90 + 40 + 17 + 3 of 100 + 50 + 20 + 30
    assert numbers(figures, CONTACTS, "2017-05", "Police") == (90, 100, 0.9)
    assert numbers(figures, CONTACTS, "2017-05", "Others") == (3, 30, 0.1)
    assert at(figures, CONTACTS, "2017-05")["status"] == "missed"  # target 0.85, near from 0.80
    assert at(figures, CONTACTS, "2017-05")["target"] == "0.85"


def test_a_percentage_and_a_count(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    figures = typed_figures(workspace, "2017-05")
    assert numbers(figures, REVIEWS, "2017-05") == (48, 60, 0.8)
    found = at(figures, NOTIFIED, "2017-05")
    assert (found["numerator"], found["value"], found["unit"]) == (3, 3, "count")
    assert pd.isna(found["denominator"])


@pytest.mark.slow
def test_a_quarter_is_typed_for_the_month_that_ends_it(workspace: Workspace) -> None:
    rows = [*MAY, typed(VISITS, "2017-03", 4, 5), typed(VISITS, "2017-06", 3, 6)]
    type_in(workspace, "2017-06", rows)
    figures = typed_figures(workspace, "2017-06")
    quarters = figures[figures["measure_id"] == VISITS]
    assert set(quarters["period"]) == {"quarter"}
    assert numbers(figures, VISITS, "2017-03") == (4, 5, 0.8)
    assert numbers(figures, VISITS, "2017-06") == (3, 6, 0.5)
    assert "2017-05" not in set(quarters["month"])


def test_a_quarter_needs_no_sheet_of_its_other_months(workspace: Workspace) -> None:
    type_in(workspace, "2017-06", [typed(VISITS, "2017-06", 3, 6)])
    assert numbers(typed_figures(workspace, "2017-06"), VISITS, "2017-06") == (3, 6, 0.5)


@pytest.mark.slow
def test_nothing_typed_is_not_available_and_never_zero(workspace: Workspace) -> None:
    figures = typed_figures(workspace, "2017-05")
    assert set(figures.loc[figures["measure_id"].isin([CONTACTS, NOTIFIED]), "state"]) == {"not_available"}
    assert at(figures, NOTIFIED, "2017-05")["state_reason"] == "extract missing"
    type_in(workspace, "2017-05", MAY[:4])  # contacts alone
    figures = typed_figures(workspace, "2017-05")
    found = at(figures, NOTIFIED, "2017-05")
    assert (found["state"], found["state_reason"]) == ("not_available", "no number was given for the month")
    assert pd.isna(found["value"])


def test_nought_is_a_number_and_none_of_none_is_no_share(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", [typed(NOTIFIED, "2017-05", 0), typed(REVIEWS, "2017-05", 0, 0)])
    figures = typed_figures(workspace, "2017-05")
    assert at(figures, NOTIFIED, "2017-05")["value"] == 0
    assert at(figures, REVIEWS, "2017-05")["state"] == "not_applicable"


def test_without_one_of_its_groups_the_whole_is_not_available(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY[1:])  # without the police
    figures = typed_figures(workspace, "2017-05")
    whole = at(figures, CONTACTS, "2017-05")
    assert (whole["state"], whole["state_reason"]) == ("not_available", "no number was given for some of its groups")
    assert at(figures, CONTACTS, "2017-05", "Police")["state"] == "not_available"
    assert numbers(figures, CONTACTS, "2017-05", "Health") == (40, 50, 0.8)


def test_a_quarter_can_have_groups(workspace: Workspace) -> None:
    plan = workspace.plan_file.read_text(encoding="utf-8")
    old = 'source = "Private fostering regulations 2005, regulation 4; visit log"\n'
    workspace.plan_file.write_text(plan.replace(old, f'{old}groups = ["North", "South"]\n'), encoding="utf-8")
    type_in(workspace, "2017-06", [typed(VISITS, "2017-06", 2, 2, "North"), typed(VISITS, "2017-06", 1, 4, "South")])
    figures = typed_figures(workspace, "2017-06")
    assert numbers(figures, VISITS, "2017-06") == (3, 6, 0.5)
    assert numbers(figures, VISITS, "2017-06", "South") == (1, 4, 0.25)


WRONG = [  # each a row of its own that no other fault hides
    (typed(REVIEWS, "2017-05", 61, 60), "numerator_above_denominator", "D (numerator)"),
    (typed("reviews_in_time", "2017-05", 48, 60), "typed_measure_unknown", "A (measure_id)"),
    (typed(REVIEWS, "2017-06", 48, 60), "typed_month_in_future", "B (month)"),
    (typed(REVIEWS, "May", 48, 60), "month_unreadable", "B (month)"),
    (typed(VISITS, "2017-05", 4, 5), "typed_month_ends_no_quarter", "B (month)"),
    (typed(CONTACTS, "2017-05", 4, 5, "Courts"), "typed_group_unknown", "C (group)"),
    (typed(CONTACTS, "2017-05", 4, 5), "typed_group_unknown", "C (group)"),
    (typed(REVIEWS, "2017-05", 4, 5, "Police"), "typed_group_unknown", "C (group)"),
    (typed(REVIEWS, "2017-04", -1, 60), "number_too_small", "D (numerator)"),
    (typed(REVIEWS, "2017-03", 0.8, 1), "number_not_whole", "D (numerator)"),
    (typed(REVIEWS, "2017-02", None, 60), "value_missing", "D (numerator)"),
    (typed(REVIEWS, "2017-01", 48, "sixty"), "number_unreadable", "E (denominator)"),
    (typed(REVIEWS, "2016-12", 48), "typed_denominator_missing", "E (denominator)"),
    (typed(NOTIFIED, "2017-04", 3, 9), "typed_denominator_of_count", "E (denominator)"),
    (typed(NOTIFIED, "2017-05", 3), "row_repeated", "A (measure_id)"),
    (typed(NOTIFIED, "2017-05", 3), "key_repeated", "A (measure_id)"),
    (typed(NOTIFIED, "2017-05", 4), "", ""),  # the last of the three, which repeats nothing
]


def test_every_wrong_cell_is_told_at_once_and_refuses_the_sheet(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", [row for row, _, _ in WRONG])
    expected = [(rule, number, column) for number, (_, rule, column) in enumerate(WRONG, 2) if rule]
    found = refused(workspace, "2017-05")
    assert sorted(found, key=lambda each: each[1]) == expected


def test_one_wrong_cell_is_enough_and_no_setting_for_other_datasets_loosens_it(workspace: Workspace) -> None:
    settings = workspace.settings_file.read_text(encoding="utf-8")
    loosened = '\n[severities]\nkey_repeated = "info"\nnumber_too_small = "info"\n'
    workspace.settings_file.write_text(settings + loosened, encoding="utf-8")
    type_in(workspace, "2017-05", [*MAY, MAY[0] | {"numerator": 91}])
    assert refused(workspace, "2017-05") == [("key_repeated", 2, "A (measure_id)")]


@pytest.mark.slow
def test_no_message_repeats_a_cell(workspace: Workspace) -> None:
    rows = [typed("Jo Bloggs", "2017-05", 1, 1), typed(CONTACTS, "2017-05", 1, 1, "Jo Bloggs")]
    type_in(workspace, "2017-05", rows)
    told = check_workspace(workspace, None, lambda _: None).faults
    assert {fault.found for fault in told} == {"AA AAAAAA, text"}
    assert "Jo Bloggs" not in str(told)


@pytest.mark.slow
def test_a_refused_sheet_is_mended_under_its_name(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", [*MAY[:4], typed("reviews", "2017-05", 48, 60)])
    assert refused(workspace, "2017-05")
    type_in(workspace, "2017-05", MAY)
    assert numbers(typed_figures(workspace, "2017-05"), REVIEWS, "2017-05") == (48, 60, 0.8)


@pytest.mark.slow
def test_a_plan_that_changes_is_held_against_sheets_that_were_read(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    before = at(figures_of(workspace, "2017-05"), REVIEWS, "2017-05")
    plan = workspace.plan_file.read_text(encoding="utf-8")
    workspace.plan_file.write_text(plan.replace("Of the reviews of looked", "Of reviews of looked"), encoding="utf-8")
    again = at(figures_of(workspace, "2017-05"), REVIEWS, "2017-05")
    assert (before["value"], before["definition_version"] == again["definition_version"]) == (again["value"], False)
    workspace.plan_file.write_text(plan.replace('"Police", ', ""), encoding="utf-8")
    assert refused(workspace, "2017-05") == [("typed_group_unknown", 2, "C (group)")]
    counted = plan.replace('held on time"\nunit = "percent"', 'held on time"\nunit = "count"')
    workspace.plan_file.write_text(counted, encoding="utf-8")
    assert refused(workspace, "2017-05") == [("typed_denominator_of_count", 6, "E (denominator)")]


@pytest.mark.slow
def test_a_number_that_the_next_sheet_lacks_is_told(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    type_in(workspace, "2017-06", [*MAY[:4], MAY[5], typed(REVIEWS, "2017-06", 50, 60)])
    told = check_workspace(workspace, Month(2017, 6), lambda _: None).faults
    gone = [fault for fault in told if fault.rule == "typed_number_gone"]
    assert [(fault.file, *where(fault)[1:]) for fault in gone] == [
        ("2017-05/manual_measures.xlsx", 6, "A (measure_id)"),
    ]
    assert at(typed_figures(workspace, "2017-06"), REVIEWS, "2017-05")["state"] == "not_available"


def test_a_number_that_a_later_sheet_lacks_is_told_however_many_sheets_lie_between(workspace: Workspace) -> None:
    """June's sheet is silent about March to May; July's speaks for March to June, and lacks April and May."""
    type_in(workspace, "2017-05", [typed(NOTIFIED, f"2017-0{number}", number) for number in (3, 4, 5)])
    type_in(workspace, "2017-06", [typed(NOTIFIED, "2017-06", 6)])
    type_in(workspace, "2017-07", [typed(NOTIFIED, f"2017-0{number}", number) for number in (3, 6)])
    with open_job(workspace, Month(2017, 7)) as job:
        told = all_faults(job, sources_of(job, receive_files(job)))
    gone = [(fault.file[:7], fault.row) for fault in told if fault.rule == "typed_number_gone"]
    assert gone == [("2017-05", 3), ("2017-05", 4)]


@pytest.mark.slow
def test_a_plan_of_its_time_does_not_refuse_what_was_declared_since(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    plan = workspace.plan_file.read_text(encoding="utf-8")
    first = plan.replace(COUNT, "").replace('revised_on = "2018-03-31"', 'revised_on = "2017-04-30"')
    first = first.replace('"Police", ', "")
    keep_copy(workspace.plan_file, first.encode())
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write(f'\n[[rebases]]\nmeasure = "{NOTIFIED}"\nfrom = "2017-04"\nreason = "A new form"\n')
    with open_job(workspace, Month(2017, 5), plan_of="2017-05-31") as job:
        assert NOTIFIED not in [measure.id for measure in job.measures]
        sources = sources_of(job, receive_files(job))
        figures = compute(
            measure_rows(job, sources), [each for each in job.measures if each.basis.dataset is MANUAL_MEASURES]
        )
        assert numbers(figures, REVIEWS, "2017-05") == (48, 60, 0.8)
        assert numbers(figures, CONTACTS, "2017-05") == (60, 100, 0.6)  # of the groups that it had then


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_from_the_sheet_to_the_pack_and_a_correction(workspace: Workspace) -> None:
    type_in(workspace, "2017-05", MAY)
    first = run_month(workspace, Month(2017, 5))
    book = openpyxl.load_workbook(first.pack)
    words = {sheet.title: [c.value for row in sheet.iter_rows() for c in row if c.value] for sheet in book}
    scorecard = next(cells for title, cells in words.items() if "corecard" in title)
    assert any("Contacts decided within 1 working day" in str(cell) for cell in scorecard)
    assert any("R2-01" in str(cell) for cells in words.values() for cell in cells)
    assert any("R2-01" in path.name or CONTACTS in path.name for path in first.pack.parent.rglob("*.png"))
    assert numbers(figures_known(workspace), CONTACTS, "2017-05") == (150, 200, 0.75)

    told = [line for each in explain(workspace, "R2-01", Month(2017, 5)) for line in lines_of(each)]
    assert any("2017-05/manual_measures.xlsx, sheet Records" in line for line in told)
    assert any("4 rows: 2, 3, 4, 5" in line for line in told)

    corrected = [MAY[0] | {"numerator": 99}, *MAY[1:]]  # 159 of 200
    release(workspace, Month(2017, 5), PackAudience.BOARD, "performance_manager", "Shown to the Board")
    type_in(workspace, "2017-06", [*corrected, *by_group("2017-06", (9, 10), (9, 10), (9, 10), (9, 10))])
    run_month(workspace, Month(2017, 6))
    known = figures_known(workspace)
    assert numbers(known, CONTACTS, "2017-05") == (159, 200, 0.795)
    assert bool(at(known, CONTACTS, "2017-05")["revised"])
    assert not bool(at(known, REVIEWS, "2017-05")["revised"])


@pytest.mark.slow
def test_the_template_lists_the_measures_of_the_plan_and_can_be_filled_in(workspace: Workspace) -> None:
    path = workspace.raw / "2017-05" / "manual_measures.xlsx"
    path.parent.mkdir(parents=True)
    write_template("manual_measures", path, load_plan(workspace.plan_file, MEASURES))
    book = openpyxl.load_workbook(path)
    listed = {row[0]: row[3:6] for row in book["Measures"].iter_rows(min_row=2, values_only=True)}
    assert listed[CONTACTS] == ("numerator and denominator", "month", "Police, Health, Schools, Others")
    assert listed[NOTIFIED] == ("numerator alone", "month", "none: leave blank")
    assert listed[VISITS][1] == "quarter, in its last month"
    book["Records"].append([NOTIFIED, "2017-05", None, 3])
    book.save(path)
    assert at(typed_figures(workspace, "2017-05"), NOTIFIED, "2017-05")["value"] == 3
