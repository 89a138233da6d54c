"""What keeps a whole file out hides nothing: the faults of its rows are told with it, as far as they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.read.read_file import with_companion
from perfpipe.settings.layouts import Layout, standard_layouts
from perfpipe.validate.faults_beneath import faults_beneath, without_columns
from tests.builders import AS_AT, RECORD, episode, layout_of, one_parser, read, rules, standard, write_csv, write_rows

RHI = "return_home_interviews"
NO_SUCH_DAY = episode(episode_id="E2", missing_from="31/02/2017 10:00")
SEEN_TOO_EARLY = episode(episode_id="E3", child_id="C3", interview_at="02/05/2017 09:00")
RECORDS = [episode(), NO_SUCH_DAY, SEEN_TOO_EARLY]


def told(path: Path, dataset: str = RHI, layout: Layout | None = None) -> tuple[list[str], list[Fault]]:
    """The rules of what stops a file, and what is told beneath."""
    layout = layout or standard(dataset)
    table = read(path, dataset, layout)
    assert not table.columns
    return rules(table.faults), list(faults_beneath([table], BY_ID[dataset], layout, AS_AT))


def without(*names: str) -> list[dict[str, object]]:
    return [{name: value for name, value in each.items() if name not in names} for each in RECORDS]


def lines(records: Sequence[dict[str, object]]) -> list[list[object]]:
    return [list(records[0]), *(list(record.values()) for record in records)]


def test_of_a_file_without_a_column_the_others_are_checked(tmp_path: Path) -> None:
    stops, beneath = told(write_csv(tmp_path / "a.csv", without("outcome")))
    assert stops == ["column_missing"]
    assert [(f.rule, f.row) for f in beneath] == [("no_such_date", 3), ("interview_before_found", 4)]


def test_no_rule_that_reads_a_missing_column_is_made(tmp_path: Path) -> None:
    stops, beneath = told(write_csv(tmp_path / "a.csv", without("returned_at", "offered")))
    assert stops == ["column_missing"]
    assert [(f.rule, f.row) for f in beneath] == [("no_such_date", 3)]


@pytest.mark.parametrize("dataset", RECORD)
def test_a_faultless_record_without_its_start_stays_one(dataset: str, tmp_path: Path) -> None:
    """A declared layout needs every column that it maps; the start is asked for by more rules than any other."""
    name = BY_ID[dataset].start
    layout = layout_of(dataset, columns={each: each for each in RECORD[dataset]})
    record = {each: value for each, value in RECORD[dataset].items() if each != name}
    stops, beneath = told(write_csv(tmp_path / "a.csv", [record]), dataset, layout)
    assert (stops, beneath) == (["column_missing"], [])


@pytest.mark.parametrize(("dataset", "name"), [(dataset, name) for dataset in RECORD for name in RECORD[dataset]])
def test_of_a_missing_column_no_rule_is_left(dataset: str, name: str) -> None:
    known = without_columns(BY_ID[dataset], frozenset([name]))
    assert name not in known.by_name
    asked = [check.rule.id for check in known.checks if name in (check.column, check.lacking)]
    assert asked == []
    assert {check.column for check in known.checks} <= known.by_name.keys()


def test_a_key_that_is_missing_makes_no_record_a_repeated_one(tmp_path: Path) -> None:
    records = [episode(), episode(missing_from="31/02/2017 10:00"), episode()]
    _, beneath = told(
        write_csv(tmp_path / "a.csv", [{k: v for k, v in r.items() if k != "episode_id"} for r in records])
    )
    assert "no_such_date" in rules(beneath)
    assert not {"row_repeated", "key_repeated"} & set(rules(beneath))


def test_of_a_column_that_is_there_twice_nothing_is_said_and_of_the_others_all(tmp_path: Path) -> None:
    rows = [{**row, "outcome ": "nonsense"} for row in RECORDS]
    stops, beneath = told(write_csv(tmp_path / "a.csv", rows))
    assert stops == ["column_repeated"]
    assert rules(beneath) == ["no_such_date", "interview_before_found"]


def test_a_missing_column_and_more_unknown_ones_than_that_are_told_together(tmp_path: Path) -> None:
    renamed = [{**row, "result": "accepted"} for row in without("outcome")]
    assert told(write_csv(tmp_path / "a.csv", renamed))[0] == ["column_missing"]
    more = [{**row, "notes": "x"} for row in renamed]
    stops, beneath = told(write_csv(tmp_path / "a.csv", more))
    assert stops == ["column_missing", "column_unmapped"]
    assert rules(beneath) == ["no_such_date", "interview_before_found"]


def test_of_rows_with_a_value_too_many_the_others_are_checked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", RECORDS)
    path.write_text(path.read_text().replace("E1,C1,", "E1,C1,C9,"))
    stops, beneath = told(path)
    assert stops == ["row_ragged"]
    assert [(f.rule, f.row) for f in beneath] == [("no_such_date", 3), ("interview_before_found", 4)]


def test_beside_merged_cells_the_other_rows_are_checked(tmp_path: Path) -> None:
    stops, beneath = told(write_rows(tmp_path / "a.xlsx", lines(RECORDS), ["A2:B2"]))
    assert stops == ["cells_merged"]
    assert [(f.rule, f.row) for f in beneath] == [("no_such_date", 3), ("interview_before_found", 4)]


def test_a_missing_column_and_a_ragged_row_are_told_together(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", without("outcome"))
    path.write_text(path.read_text().replace("E1,C1,", "E1,C1,C9,"))
    stops, beneath = told(path)
    assert stops == ["column_missing"]
    assert rules(beneath) == ["row_ragged", "no_such_date", "interview_before_found"]


def test_a_column_whose_dates_contradict_the_layout_is_one_fault_and_the_others_are_checked(tmp_path: Path) -> None:
    rows = [episode(episode_id=f"E{n}", returned_at=f"{n}/05/2017 10:00", interview_at="") for n in range(13, 20)]
    rows[3] |= {"offered": "perhaps", "outcome": ""}
    layout = layout_of(RHI, date_order={"all": "day_first", "returned_at": "month_first"})
    table = read(write_csv(tmp_path / "a.csv", rows), RHI, layout)
    beneath = list(faults_beneath([table], BY_ID[RHI], layout, AS_AT))
    assert [fault.rule for fault in table.faults if fault.severity == "stop"] == ["date_order_contradicted"]
    assert [(f.rule, f.row) for f in beneath] == [("code_unknown", 5)]


def test_what_may_be_another_table_is_not_checked(tmp_path: Path) -> None:
    other = [{"child_id": "31/02/2017", "dob": "31/02/2017", "started_on": "31/02/2017", "colour": "x"}]
    stops, beneath = told(write_csv(tmp_path / "a.csv", other), "placements")
    assert (stops, beneath) == (["column_missing"], [])


def test_the_header_table_of_a_national_return_is_looked_at_too(tmp_path: Path) -> None:
    _, layout = standard_layouts(BY_ID["placements"])
    row = {"CHILD": "C1", "DECOM": "31/02/2017", "LS": "C2", "PLACE": "U6", "DEC": "", "REC": "", "Notes": "x"}
    main = read(write_csv(tmp_path / "episodes.csv", [row]), "placements", layout)
    header = write_csv(tmp_path / "header.csv", [{"CHILD": "C9", "DOB": "01/05/2010", "SEX": "1"}])
    table = with_companion(main, header, "header.csv", BY_ID["placements"], layout, one_parser())
    found = [*table.faults, *faults_beneath([table], BY_ID["placements"], layout, AS_AT)]
    assert rules(found) == ["column_unmapped", "header_file", "no_such_date"]
