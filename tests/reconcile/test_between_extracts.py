"""Between extracts: the same records again, numbers of records that move, columns that change."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Selects
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.read.raw_cells import ColumnCells
from perfpipe.read.seen_columns import kind_of
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.reconcile.between_extracts import row_count_moved
from perfpipe.run import StoppingFaults, open_job, receive_files, sources_of
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from tests.builders import Records, deliver, episode, make_workspace, placement, write_csv, write_xlsx

pytestmark = pytest.mark.slow

NAMED = '[authority]\nname = "X"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "w", NAMED)


def faults_of(workspace: Workspace, month: str) -> tuple[bool, list[Fault]]:
    """Whether a run of a month stops, and what it says."""
    with open_job(workspace, Month.parse(month)) as job:
        try:
            stops, found = False, sources_of(job, receive_files(job)).faults
        except StoppingFaults as stopped:
            stops, found = True, stopped.faults
    return stops, [fault for fault in found if fault.rule != "cross_checks_not_made"]  # only one dataset was sent


def said(workspace: Workspace, month: str) -> list[tuple[str, str]]:
    """Rules and severities of a run of a month."""
    return [(fault.rule, fault.severity.value) for fault in faults_of(workspace, month)[1]]


def set_to(workspace: Workspace, text: str) -> None:
    workspace.settings_file.write_text(NAMED + text, encoding="utf-8")


def stays(count: int, last: str = "02/05/2017", first: int = 0) -> Records:
    """Open placements that started in January, and one more that started on a day."""
    old = [placement(child_id=f"C{n}", started_on="01/01/2017") for n in range(first, count - 1)]
    return [*old, placement(child_id="N", started_on=last)]


# the same records twice


def test_the_records_of_april_under_another_name_in_may_stop(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", list(reversed(stays(20))))
    stops, (fault,) = faults_of(workspace, "2017-05")
    assert (stops, fault.rule, fault.file) == (True, "same_records", "2017-05/placements.xlsx")
    assert fault.found == "the same 20 records as 2017-04/placements.csv"
    assert said(workspace, "2017-04") == []  # April's own extract speaks for April
    withdraw_extract(workspace, fault.what_to_do.split("perfpipe withdraw ")[1].split()[0], "april again")
    assert said(workspace, "2017-05") == [("file_withdrawn", "warn")]


def test_one_cell_more_is_another_extract(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", [*stays(20)[1:], placement(child_id="C9")])
    assert [rule for rule, _ in said(workspace, "2017-05")] == ["not_followed_up"]


def test_two_files_with_the_same_records_in_one_folder_stop_once(workspace: Workspace) -> None:
    deliver(workspace, "2017-05", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(20))
    stops, (fault,) = faults_of(workspace, "2017-05")
    assert (stops, fault.rule) == (True, "same_records")
    withdraw_extract(workspace, fault.what_to_do.split("perfpipe withdraw ")[1].split()[0], "twice")
    assert said(workspace, "2017-05") == [("file_withdrawn", "warn")]


def test_two_files_of_one_time_whose_records_differ_wait_for_a_person(workspace: Workspace) -> None:
    deliver(workspace, "2017-05", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(21))
    assert said(workspace, "2017-05") == [("equal_claim", "stop")]


def test_a_corrected_file_put_over_the_old_one_says_which_to_withdraw(workspace: Workspace) -> None:
    deliver(workspace, "2017-05", "placements", stays(20))
    _, _ = faults_of(workspace, "2017-05")
    deliver(workspace, "2017-05", "placements", stays(21))
    stops, (fault,) = faults_of(workspace, "2017-05")
    assert (stops, fault.rule, fault.file) == (True, "equal_claim", "2017-05/placements.csv")
    old, new = fault.what_to_do.split("perfpipe withdraw ")[1].split()[0], fault.found.split()[1].strip(",")
    assert fault.found.startswith(f"extract {new}, taken in 20")
    assert f"came in place of extract {old}, taken in 20" in fault.found
    assert fault.found.endswith("nothing says which was made later, and both cover 2017-05")
    assert f"withdraw {new}." in fault.what_to_do
    withdraw_extract(workspace, old, "corrected by the source")
    with open_job(workspace, Month(2017, 5)) as job:
        (used,) = sources_of(job, receive_files(job)).speaks_for["placements"].readings.values()
    assert used.extract_id.startswith(new)


def test_even_a_short_list_that_states_the_same_time_is_a_copy(workspace: Workspace) -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in placement())
    set_to(workspace, '[[layouts.placements]]\nname = "l"\nfiles = "p*.csv"\ndate_order = "day_first"\n'
           'covers = { span = "all", selects_by = "overlap" }\n'
           'extracted_at = { file_name = "(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})" }\n'
           f"[layouts.placements.columns]\n{columns}\n")  # fmt: skip
    for month, name in (("2017-04", "p20170503.csv"), ("2017-05", "p20170503 (1).csv")):
        write_csv(workspace.raw / month / name, stays(3, "02/04/2017"))
    assert said(workspace, "2017-05") == [("same_records", "stop")]


def test_a_short_list_may_be_the_same_two_months_running(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(19))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(19))
    assert said(workspace, "2017-05") == [("nothing_changed", "warn")]


@pytest.mark.parametrize(("count", "rule"), [(20, "same_file_again"), (19, "nothing_changed")])
def test_the_same_file_again_speaks_for_its_first_folder_unless_it_is_a_short_list(
    count: int, rule: str, workspace: Workspace
) -> None:
    for month in ("2017-04", "2017-05"):
        deliver(workspace, month, "placements", stays(count))
    assert said(workspace, "2017-05") == [(rule, "warn")]


def test_the_same_file_again_speaks_where_its_note_says_that_it_was_made_anew(workspace: Workspace) -> None:
    for month in ("2017-04", "2017-05"):
        deliver(workspace, month, "placements", stays(20))
    (workspace.raw / "2017-05" / "delivery.toml").write_text("extracted_at = 2017-06-02")
    assert said(workspace, "2017-05") == [("nothing_changed", "warn")]


@pytest.mark.parametrize("severity", ["warn", "info"])
def test_the_same_records_may_be_let_pass_everywhere(severity: str, workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(20))
    set_to(workspace, f'[severities]\nsame_records = "{severity}"\n')
    assert said(workspace, "2017-05") == [("same_records", severity)]


def test_the_same_records_of_one_extract_may_be_accepted_with_a_reason(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(20))
    fault = faults_of(workspace, "2017-05")[1][0]
    extract = fault.what_to_do.split('extract = "')[1].split('"')[0]
    set_to(workspace, f'[[accepted]]\nextract = "{extract}"\nrule = "same_records"\nreason = "a quiet month"\n')
    stops, (fault,) = faults_of(workspace, "2017-05")
    assert (stops, fault.severity.value, fault.what_to_do) == (
        False,
        "warn",
        "Accepted in perfpipe.toml: a quiet month",
    )


def test_the_same_records_made_anew_by_the_note_only_warn(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(20))
    write_xlsx(workspace.raw / "2017-05" / "placements.xlsx", stays(20))
    (workspace.raw / "2017-05" / "delivery.toml").write_text("extracted_at = 2017-06-02")
    assert said(workspace, "2017-05") == [("nothing_changed", "warn")]


# a number of records that moves


def reading(count: int, first: str, last: str) -> Reading:
    return Reading(
        id=last, extract_id="ab" * 32, dataset=BY_ID["placements"], folder=last, files=("f.csv",), sheet="",
        extracted_at=Month.parse(last).end_at, first_month=Month.parse(first), last_month=Month.parse(last),
        selects_by=Selects.OVERLAP, declared=True, row_count=count, received_at=Month.parse(last).end_at,
        path=Path("none"), taken_in_at=Month.parse(last).end_at, replaced=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        (600, 600, False),
        (600, 440, True),  # a quarter less is 450; chance moves 4 * sqrt(600 + 440) = 129 < 160
        (600, 460, False),
        (600, 760, True),  # a quarter more is 750; 4 * sqrt(600 + 760) = 148 < 160
        (600, 740, False),
        (60, 30, False),  # half, but 4 * sqrt(60 + 30) = 38 > 30: a small extract
        (60, 20, True),  # 4 * sqrt(60 + 20) = 36 < 40
        (50, 17, True),  # 4 * sqrt(50 + 17) = 32.7 < 33
        (44, 16, False),  # 4 * sqrt(44 + 16) = 31 > 28
        (12, 0, False),  # 4 * sqrt(12) = 14
        (0, 40, True),  # 4 * sqrt(40) = 25
    ],
)
def test_a_count_of_records_moves_by_more_than_the_share_and_more_than_chance(
    before: int, now: int, moved: bool
) -> None:
    pair = reading(before, "2016-05", "2017-04"), reading(now, "2016-06", "2017-05")
    assert [fault.rule for fault in row_count_moved(*pair, 0.25)] == (["row_count_moved"] if moved else [])


@pytest.mark.parametrize(
    ("first", "count", "moved"),
    [
        ("2017-04", 1200, False),  # the year to May: two months where one held 600
        ("2017-04", 1600, True),  # more than a quarter above that
        ("2017-04", 400, True),  # and fewer than the one month held
        ("2017-05", 600, False),
    ],
)
def test_a_span_that_grows_explains_as_much(first: str, count: int, moved: bool) -> None:
    pair = reading(600, "2017-04", "2017-04"), reading(count, first, "2017-05")
    assert bool(row_count_moved(*pair, 0.25)) == moved


def test_a_new_financial_year_explains_fewer_records() -> None:
    pair = reading(1900, "2016-04", "2017-03"), reading(700, "2017-04", "2017-04")
    assert row_count_moved(*pair, 0.25) == []


@pytest.mark.parametrize(
    ("texts", "numbers", "kind"),
    [(10, 0, "text"), (9, 0, ""), (9, 1, "text"), (17, 2, ""), (8, 2, "")],  # at least ten cells, nine in ten alike
)
def test_the_kind_of_a_column_is_that_of_nine_cells_in_ten(texts: int, numbers: int, kind: str) -> None:
    assert kind_of(ColumnCells.of([("t", "a")] * texts + [("n", "1")] * numbers + [("-", "")] * 5)) == kind


def test_half_an_extract_stops_the_run_and_says_what_to_do(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", stays(200, "02/04/2017"))
    deliver(workspace, "2017-05", "placements", stays(100))
    stops, faults = faults_of(workspace, "2017-05")
    (fault,) = [f for f in faults if f.rule == "row_count_moved"]
    assert (stops, fault.found) == (True, "100 records, compared with 200 in 2017-04/placements.csv")
    assert "perfpipe withdraw" in fault.what_to_do
    set_to(workspace, "[arrivals]\nrow_count_share = 0.6\n")
    assert "row_count_moved" not in dict(said(workspace, "2017-05"))


def test_an_extract_after_a_gap_is_compared_with_none(workspace: Workspace) -> None:
    deliver(workspace, "2017-03", "placements", stays(200, "02/03/2017"))
    deliver(workspace, "2017-05", "placements", stays(100))
    assert "row_count_moved" not in dict(said(workspace, "2017-05"))


# columns that change


def changes(workspace: Workspace, april: Records, may: Records) -> list[tuple[str, str, str]]:
    write_csv(workspace.raw / "2017-04" / "placements.csv", april)
    write_csv(workspace.raw / "2017-05" / "placements.csv", may)
    found = faults_of(workspace, "2017-05")[1]
    return [(f.rule, f.severity.value, f.found) for f in found if f.rule.startswith("column_")]


def test_columns_as_before_are_no_news(workspace: Workspace) -> None:
    assert changes(workspace, stays(20, "02/04/2017"), stays(20)) == []


def test_a_column_added_and_one_dropped_are_told(workspace: Workspace) -> None:
    april = [row | {"urn": ""} for row in stays(20, "02/04/2017")]
    may = [row | {"need_code": "N1"} for row in stays(20)]
    assert changes(workspace, april, may) == [
        ("column_added", "warn", "'need_code'"),
        ("column_dropped", "warn", "'urn'"),
    ]


def test_a_dropped_column_that_few_records_filled_stops(workspace: Workspace) -> None:
    april = [row | {"urn": "1" if n == 0 else ""} for n, row in enumerate(stays(20, "02/04/2017"))]
    found = "no values in urn, which had values in 2017-04/placements.csv"
    assert changes(workspace, april, stays(20)) == [("column_emptied", "stop", found)]


def test_a_column_under_its_other_name_is_renamed(workspace: Workspace) -> None:
    may = [{"DECOM" if k == "started_on" else k: v for k, v in row.items()} for row in stays(20)]
    expected = [("column_renamed", "warn", "'started_on' is now 'DECOM'")]
    assert changes(workspace, stays(20, "02/04/2017"), may) == expected


def test_columns_in_another_order_are_told(workspace: Workspace) -> None:
    may = [{k: row[k] for k in ("dob", "child_id", *list(row)[2:])} for row in stays(20)]
    assert changes(workspace, stays(20, "02/04/2017"), may) == [("column_moved", "info", "'dob', 'child_id'")]


def test_a_column_of_another_kind_is_told(workspace: Workspace) -> None:
    def iso(text: object) -> str:
        day, month, year = str(text).split("/")
        return f"{year}-{month}-{day}"

    may = [row | {"started_on": iso(row["started_on"])} for row in stays(20)]
    found = "'started_on' now holds dates as text, year first instead of dates as text, year last"
    assert changes(workspace, stays(20, "02/04/2017"), may) == [("column_retyped", "warn", found)]


def test_few_or_mixed_cells_are_of_no_kind(workspace: Workspace) -> None:
    april = [row | {"urn": "A"} for row in stays(9, "02/04/2017")]
    may = [row | {"urn": "1"} for row in stays(9)]
    assert changes(workspace, april, may) == []


def test_a_layout_that_says_the_change_itself_needs_no_word(workspace: Workspace) -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in placement())
    named = '[[layouts.placements]]\nname = "local"\nfiles = "placements.csv"\ndate_order = "day_first"\n'
    base = f"{named}{{}}\n[layouts.placements.columns]\n{columns}\n"
    set_to(workspace, base.format('ignore = ["Notes"]') + base.format('since = "2017-05"\nignore = ["Notes", "Plan"]'))
    notes = [row | {"Notes": "x"} for row in stays(20, "02/04/2017")]
    plan = [row | {"Notes": "x", "Plan": "y"} for row in stays(20)]
    assert changes(workspace, notes, plan) == []
    set_to(workspace, base.format('ignore = ["Notes", "Plan"]'))
    assert changes(workspace, notes, plan) == [("column_added", "warn", "'Plan'")]


# severities on the way through a run


def test_a_row_rule_set_to_stop_stops_the_month_that_the_extract_speaks_for(workspace: Workspace) -> None:
    blank = episode(offered="", returned_at="02/05/2017 10:00")
    deliver(workspace, "2017-05", "return_home_interviews", [blank, episode(episode_id="E2")])
    later = [episode(episode_id=f"J{n}", missing_from="01/06/2017 20:00", returned_at="02/06/2017 10:00",
                     interview_at="03/06/2017 10:00") for n in range(2)]  # fmt: skip
    deliver(workspace, "2017-06", "return_home_interviews", later)
    assert faults_of(workspace, "2017-05")[0] is False
    set_to(workspace, '[severities]\noffered_blank = "stop"\n')
    stops, (fault,) = faults_of(workspace, "2017-05")
    assert (stops, fault.rule, fault.row) == (True, "offered_blank", 2)
    assert faults_of(workspace, "2017-06")[0] is False
    assert any(f.rule == "offered_blank" and f.severity == "stop"
               for f in check_workspace(workspace, None, lambda _: None).faults)  # fmt: skip


@pytest.mark.soak
def test_an_empty_extract_stops_and_one_that_may_be_empty_speaks_with_zero(workspace: Workspace) -> None:
    path = deliver(workspace, "2017-05", "return_home_interviews", [episode()])
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert said(workspace, "2017-05") == [("empty_extract", "stop")]
    set_to(workspace, '[arrivals]\nmay_be_empty = "return_home_interviews"\n')
    assert said(workspace, "2017-05") == []
    from tests.builders import figure
    from tests.workspaces import figures_of

    figures = figures_of(workspace, "2017-05")
    assert figure(figures, "missing_episodes", "2017-05")["value"] == 0


# withdrawing


def test_an_extract_withdrawn_already_says_so(workspace: Workspace) -> None:
    deliver(workspace, "2017-05", "placements", stays(5))
    faults_of(workspace, "2017-05")
    ledger = Ledger.open(workspace.processed)
    try:
        (extract,) = ledger.extracts_known(None)
    finally:
        ledger.close()
    withdraw_extract(workspace, extract.id[:12], "wrong file")
    with pytest.raises(SettingsError, match=r"was already withdrawn at [0-9: -]*; nothing was changed"):
        withdraw_extract(workspace, extract.id[:12], "again")
    with pytest.raises(SettingsError, match="0 extracts have an id that starts with 'ffffff'"):
        withdraw_extract(workspace, "ffffff", "none")


# what only the extract before shows


def test_leading_zeros_that_the_extract_before_had_stop(workspace: Workspace) -> None:
    def ids(*names: str) -> Records:
        return [placement(child_id=name, started_on=f"0{n}/03/2017") for n, name in enumerate(names, 1)]

    deliver(workspace, "2017-04", "placements", ids("0012", "0034", "56"))
    deliver(workspace, "2017-05", "placements", ids("12", "34", "56"))
    stopped, faults = faults_of(workspace, "2017-05")
    (fault,) = [fault for fault in faults if fault.severity == "stop"]
    assert stopped
    assert (fault.rule, fault.found.partition(" without")[0]) == ("leading_zeros_lost_since", "child_id: 2 identifiers")


def test_a_new_identifier_is_none_that_lost_its_zeros(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", [placement(child_id="0012", ceased_on="05/04/2017"), placement()])
    deliver(
        workspace,
        "2017-05",
        "placements",
        [placement(child_id="0012", ceased_on="05/04/2017"), placement(), placement(child_id="12")],
    )
    assert ("leading_zeros_lost_since", "stop") not in said(workspace, "2017-05")


@pytest.mark.parametrize(("before", "now", "cut"), [("\r\n", "", True), ("", "", False), ("", "\r\n", False)])
def test_a_csv_file_without_the_line_end_that_it_always_had_stops(
    before: str, now: str, cut: bool, workspace: Workspace
) -> None:
    for month, end, count in (("2017-04", before, 3), ("2017-05", now, 4)):
        path = deliver(workspace, month, "placements", stays(count, f"02/{month[5:]}/2017"))
        path.write_text(path.read_text().rstrip() + end, newline="")
    assert (("file_cut_short", "stop") in said(workspace, "2017-05")) == cut


@pytest.mark.parametrize(("filled", "count", "stops"), [(3, 5, True), (2, 4, False), (2, 5, False)])
def test_a_column_that_most_records_filled_and_none_fills_stops(
    filled: int, count: int, stops: bool, workspace: Workspace
) -> None:
    rows = [{**row, "need_code": "N1" if n < filled else ""} for n, row in enumerate(stays(count))]
    deliver(workspace, "2017-04", "placements", rows)
    deliver(workspace, "2017-05", "placements", [{**row, "need_code": ""} for row in stays(count, "03/05/2017")])
    assert (("column_emptied", "stop") in said(workspace, "2017-05")) == stops


def test_a_column_that_is_gone_is_emptied_too(workspace: Workspace) -> None:
    deliver(workspace, "2017-04", "placements", [{**row, "location": "IN"} for row in stays(6)])
    deliver(workspace, "2017-05", "placements", stays(6, "03/05/2017"))
    stopped, faults = faults_of(workspace, "2017-05")
    assert stopped
    assert [fault.found.partition(",")[0] for fault in faults if fault.rule == "column_emptied"] == [
        "no values in location"
    ]
