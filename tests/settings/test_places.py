"""Distance and boundary: the vectors of definitions 4.8, the places file, and which of them counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from perfpipe.datasets.placement_distance import tenths, with_distances
from perfpipe.measures.placement_distance import far_and_outside
from perfpipe.run import compute_figures, open_job, receive_files, sources_of
from perfpipe.settings.places import Places, read_places
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.care import Row, figures, stay, typed, value
from tests.workspaces import deliver, figures_of, new_workspace, one, placement

M = "2017-03"
HOME, NEAR, FAR, OVER_THE_BORDER = "ZZ1 1AA", "ZZ1 1AB", "ZZ1 1AD", "ZY1 1AE"
PLACES = f"""postcode,easting,northing,authority
{HOME},400000,300000,Exampleshire
{NEAR},432186,300000,Otherton
{FAR},400000,332270,Otherton
{OVER_THE_BORDER},400300,300400,Otherton
"""
OURS = frozenset({"exampleshire"})


def places(tmp_path: Path, text: str = PLACES) -> Places:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    return read_places(path, OURS)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        places(tmp_path, text)
    return [problem.replace(f"{tmp_path}/", "") for problem in error.value.problems]


def rows(*stays: Row) -> pd.DataFrame:
    return typed(stays).assign(reading_id="r0")


def lives(at: str | None, home: str | None = HOME, child: str = "C1", **values: Any) -> Row:
    return stay("2016-01-01", child_id=child, home_postcode=home, placement_postcode=at, **values)


@pytest.mark.parametrize(
    ("at", "miles", "location"),
    [(NEAR, 20.0, "OUT"), (FAR, 20.1, "OUT"), (HOME, 0.0, "IN"), (OVER_THE_BORDER, 0.3, "OUT")],
)
def test_miles_are_a_straight_line_rounded_to_a_tenth(tmp_path: Path, at: str, miles: float, location: str) -> None:
    found = with_distances(rows(lives(at)), places(tmp_path).table)
    assert found[["distance_miles", "location"]].to_numpy().tolist() == [[miles, location]]


def test_halves_are_rounded_up() -> None:
    assert tenths([20.05, 20.04999, 0.25, 999.9]).tolist() == [20.1, 20.0, 0.3, 999.9]


def test_a_place_that_is_not_known_leaves_a_blank(tmp_path: Path) -> None:
    cases = [lives("ZZ9 9ZZ"), lives(None), lives("NOT KNOWN"), lives(FAR, "ZZ9 9ZZ"), lives(FAR, None)]
    found = with_distances(rows(*cases), places(tmp_path).table)
    assert found["distance_miles"].isna().all()
    assert found["location"].fillna("blank").tolist() == ["blank", "blank", "blank", "OUT", "OUT"]


def test_postcodes_match_however_they_are_written(tmp_path: Path) -> None:
    found = with_distances(rows(lives("zz11ad", "ZZ11AA")), places(tmp_path).table)
    assert found["distance_miles"].tolist() == [20.1]


def test_an_unaccompanied_child_has_no_distance_but_a_boundary(tmp_path: Path) -> None:
    found = with_distances(rows(lives(FAR, unaccompanied="Y"), lives(FAR, unaccompanied="N")), places(tmp_path).table)
    assert found["distance_miles"].isna().tolist() == [True, False]
    assert found["location"].tolist() == ["OUT", "OUT"]


def test_what_the_extract_says_itself_stands_blanks_too(tmp_path: Path) -> None:
    own = [lives(FAR, distance_miles=3.0), lives(FAR, child="C2")]
    found = with_distances(rows(*own), places(tmp_path).table)
    assert found["distance_miles"].fillna(-1).tolist() == [3.0, -1.0]
    assert found["location"].tolist() == ["OUT", "OUT"]  # of which it has nothing


@pytest.mark.parametrize(
    ("miles", "location", "alone", "far"),
    [
        (20.0, "OUT", "N", False),
        (20.04, "OUT", "N", False),
        (20.05, "OUT", None, True),
        (20.1, "OUT", "N", True),
        (20.1, "IN", "N", False),
        (20.1, None, "N", False),
        (None, "OUT", "N", False),
        (999.9, "OUT", "N", False),
        (350.0, "OUT", "N", True),
        (20.1, "OUT", "Y", False),
    ],
)
def test_far_is_over_20_miles_and_outside(miles: float | None, location: str, alone: str, far: bool) -> None:
    child = rows(lives(FAR)).assign(settled_distance_miles=miles, settled_location=location, unaccompanied=alone)
    assert far_and_outside(child).tolist() == [far]


def test_all_children_are_in_the_denominator(tmp_path: Path) -> None:
    children = [
        lives(FAR, child="far", distance_miles=20.1, location="OUT"),
        lives(FAR, child="unknown", distance_miles=999.9, location="OUT"),
        lives(FAR, child="blank"),
        lives(FAR, child="near", distance_miles=2.0, location="IN"),
        lives(FAR, child="short break", distance_miles=90.0, location="OUT", legal_status_code="V3"),
    ]
    found = figures([(M, M, children)], M, M)
    assert value(found, "PL-09", M) == (1, 4)
    assert value(found, "PL-10", M) == (2, 4)


def test_a_temporary_placement_is_as_far_as_the_one_it_interrupts() -> None:
    usual = {"distance_miles": 30.0, "location": "OUT"}
    away = stay("2017-03-20", placement_code="T3", distance_miles=1.0, location="IN")
    found = figures([(M, M, [stay("2016-01-01", "2017-03-20", **usual), away])], M, M)
    assert value(found, "PL-09", M) == (1, 1)


@pytest.mark.slow
def test_without_columns_and_without_places_the_figures_are_not_available(tmp_path: Path) -> None:
    children = [lives(FAR), lives(HOME, child="C2")]
    without = figures([(M, M, children)], M, M).set_index("code")
    assert without.loc[["PL-09", "PL-10"], "state"].tolist() == ["not_available"] * 2
    assert without.at["PL-09", "state_reason"] == "the extract has no distance_miles or location"
    found = figures([(M, M, children)], M, M, places=places(tmp_path))
    assert value(found, "PL-09", M) == (1, 2)
    assert value(found, "PL-10", M) == (1, 2)


def test_location_may_stand_in_the_file_itself(tmp_path: Path) -> None:
    text = f"Postcode, Easting ,Northing,Location\n{HOME},1,2,in\n{FAR},3,4,OUT\n"
    assert places(tmp_path, text).table["location"].tolist() == ["IN", "OUT"]


def test_every_fault_of_the_file_is_told_at_once_with_row_and_column_and_no_value(tmp_path: Path) -> None:
    text = (
        "postcode,easting,northing,authority\n"
        f"{HOME},400000,300000,Exampleshire\n"
        "NOT KNOWN,400000,300000,Exampleshire\n"
        f"{NEAR},far away,-5,\n"
        f"{HOME.replace(' ', '')},400001,300000,Exampleshire\n"
        f"{HOME},400000,300000,Exampleshire\n"
        f"{FAR},400000\n"
    )
    assert problems(tmp_path, text) == [
        "places.csv, row 3, column postcode: expected a full British postcode",
        "places.csv, row 4, column easting: expected metres from 0 to 1,300,000",
        "places.csv, row 4, column northing: expected metres from 0 to 1,300,000",
        "places.csv, row 4, column authority: expected the name of an authority",
        "places.csv, row 5, column postcode: this postcode is already listed in another place",
        "places.csv, row 7, column northing: expected metres from 0 to 1,300,000",
        "places.csv, row 7, column authority: expected the name of an authority",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "cannot be read as a CSV file in UTF-8 (EmptyDataError)"),
        ("postcode,easting\n", "no column northing; expected postcode, easting, northing, and authority or location"),
        ("postcode,easting,northing\n", "expected either a column authority or a column location (IN or OUT)"),
        (
            "postcode,easting,northing,authority,location\n",
            "expected either a column authority or a column location (IN or OUT)",
        ),
        ("postcode,easting,northing,authority,Easting\n", "column easting is listed twice"),
        ("postcode,easting,easting,northing,authority\n", "column easting is listed twice"),
        (f"{PLACES}{HOME},1,2,Otherton,more\n", "cannot be read as a CSV file in UTF-8 (ParserError)"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text) == [f"places.csv: {expected}"]


def test_unknown_location_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, f"postcode,easting,northing,location\n{HOME},1,2,north\n") == [
        "places.csv, row 2, column location: expected IN or OUT"
    ]


def with_places(root: Path, text: str) -> Workspace:
    workspace = new_workspace(root)
    workspace.settings_file.write_text('places = "where.csv"\n' + workspace.settings_file.read_text())
    (root / "where.csv").write_text(text)
    return workspace


@pytest.mark.slow
def test_settings_name_the_file_and_a_run_uses_it_and_notices_a_change(tmp_path: Path) -> None:
    workspace = with_places(tmp_path, PLACES)
    deliver(workspace, M, "placements", [placement("C1", "01/05/2016", HOME_POST=HOME, PL_POST=FAR)])
    assert one(figures_of(workspace, M, codes=["PL-09"]), "PL-09", M)["value"] == 1
    (tmp_path / "where.csv").write_text(PLACES.replace("332270", "302270"))
    assert one(figures_of(workspace, M, codes=["PL-09"]), "PL-09", M)["value"] == 0
    assert one(figures_of(workspace, M, codes=["PL-10"]), "PL-10", M)["value"] == 1


def test_a_file_that_is_not_there_is_told_before_any_data_is_read(tmp_path: Path) -> None:
    workspace = with_places(tmp_path, PLACES)
    (tmp_path / "where.csv").unlink()
    with pytest.raises(SettingsError, match="not found"):
        figures_of(workspace, M)


@pytest.mark.soak
@pytest.mark.slow
def test_the_fingerprint_of_a_run_names_the_places(tmp_path: Path) -> None:
    from perfpipe.dates.months import Month
    from perfpipe.job.fingerprint import fingerprint_of

    workspace = with_places(tmp_path, PLACES)
    deliver(workspace, M, "placements", [placement("C1", "01/05/2016")])
    prints = []
    for text in (PLACES, PLACES + "ZZ1 1ZZ,1,1,Otherton\n"):
        (tmp_path / "where.csv").write_text(text)
        with open_job(workspace, Month.parse(M)) as job:
            sources = sources_of(job, receive_files(job))
            compute_figures(job, sources)
            prints.append(fingerprint_of(job, sources))
    assert prints[0] != prints[1]
