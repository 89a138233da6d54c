"""Real input: five years of national files give the same figures as a count in a few lines of standard library."""

from __future__ import annotations

import calendar
import csv
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.cli.new_workspace import write_workspace
from perfpipe.dates.months import Month, month_range
from perfpipe.job.job import measure_rows
from perfpipe.measures.definition import Period
from perfpipe.measures.placement_stability import THREE_OR_MORE_PLACEMENTS
from perfpipe.questions.queries import figures_known
from perfpipe.run import open_job, receive_files, run_month, sources_of
from perfpipe.settings.workspace import Workspace

pytestmark = pytest.mark.soak  # two runs of sixty months

MONTHS = month_range(Month(2017, 4), Month(2022, 3))


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None


def counted_by_hand(folder: Path, month: Month) -> dict[str, tuple[int, int | None]]:
    """PL-01, 02, 05, 06 of a month end, straight from the year's file."""
    year = month.financial_year_start.year
    end = date(month.year, month.number, calendar.monthrange(month.year, month.number)[1])
    place: dict[str, tuple[date, str]] = {}
    with open(folder / f"{year}-{(year + 1) % 100:02d}" / "episodes.csv", newline="") as file:
        for row in csv.DictReader(file):
            start, ceased = day(row["DECOM"]), day(row["DEC"])
            assert start is not None
            if start <= end and (ceased is None or ceased > end) and row["LS"] not in ("V3", "V4"):
                place[row["CHILD"]] = max(place.get(row["CHILD"], (date.min, "")), (start, row["PLACE"]))
    places = [code for _, code in place.values()]
    groups = {"PL-02": ("U",), "PL-05": ("K1", "K2"), "PL-06": ("H5", "P2", "K3")}
    shares = {code: (sum(p.startswith(group) for p in places), len(places)) for code, group in groups.items()}
    return {"PL-01": (len(places), None), **shares}


@pytest.fixture(scope="module")
def workspace(real_ssda903: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("ssda903") / "workspace"
    write_workspace(root, "ssda903")
    shutil.copytree(real_ssda903, root / "data" / "raw", dirs_exist_ok=True)
    return Workspace(root)


@pytest.fixture(scope="module")
def figures(workspace: Workspace) -> pd.DataFrame:
    for month in (Month(2020, 3), Month(2022, 3)):
        run_month(workspace, month)
    return figures_known(workspace)


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_every_month_end_equals_a_count_by_hand(month: Month, figures: pd.DataFrame, real_ssda903: Path) -> None:
    whole = figures[(figures["month"] == str(month)) & (figures["breakdown"] == "all")].set_index("code")
    for code, (numerator, denominator) in counted_by_hand(real_ssda903, month).items():
        assert whole.at[code, "state"] == "ok"
        assert whole.at[code, "numerator"] == numerator
        assert denominator is None or whole.at[code, "denominator"] == denominator


def test_orientation_figures_of_june_2017(figures: pd.DataFrame) -> None:
    whole = figures[(figures["month"] == "2017-06") & (figures["breakdown"] == "all")].set_index("code")
    assert whole.at["PL-01", "value"] == 421
    assert (whole.at["PL-02", "numerator"], whole.at["PL-05", "numerator"]) == (304, 47)


def test_groups_add_up_to_the_whole(figures: pd.DataFrame) -> None:
    groups = figures[(figures["code"] == "PL-01g") & (figures["state"] == "ok")]
    split = groups[groups["breakdown"] == "placement_group"].groupby("month")["value"].sum()
    whole = groups[groups["breakdown"] == "all"].set_index("month")["value"]
    assert len(whole) == len(MONTHS)
    assert (split == whole).all()


def test_missing_extracts_are_not_available_and_never_zero(figures: pd.DataFrame) -> None:
    other = figures[figures["code"].str.startswith(("RHI", "SW"))]
    assert set(other["state"]) == {"not_available"}
    assert other[["numerator", "denominator", "value"]].isna().all(axis=None)


# --- Three or more placements and long-term stability, from the files by a second count (definitions 4.6, 4.7) ---

Episode = dict[str, str]
JUNE_2018 = Month(2018, 6)
MANY_FROM, SETTLED_FROM = Month(2018, 3), Month(2019, 9)  # months with 12 and with 30 months of history


def years_rows(folder: Path, year: int) -> list[Episode]:
    path = folder / f"{year}-{(year + 1) % 100:02d}"
    with open(path / "header.csv", newline="") as file:
        born = {row["CHILD"]: row["DOB"] for row in csv.DictReader(file)}
    with open(path / "episodes.csv", newline="") as file:
        return [row | {"DOB": born.get(row["CHILD"], "")} for row in csv.DictReader(file)]


def in_care(row: Episode, end: date) -> bool:
    started, ceased = day(row["DECOM"]), day(row["DEC"])
    return started is not None and started <= end and (ceased is None or ceased > end) and row["LS"] not in ("V3", "V4")


def looked_back(years: dict[int, list[Episode]], month: Month, months: int) -> list[Episode]:
    """Ended episodes from the file of the year they ended in, open ones from the month's own; each once."""
    rows = {}
    own = month.financial_year_start.year
    for year in sorted(years):
        for row in years[year]:
            ceased = day(row["DEC"])
            ended = ceased is not None and month - (months - 1) <= Month.of(ceased) <= month
            mine = ended and ceased is not None and Month.of(ceased).financial_year_start.year == year
            if row["LS"] not in ("V3", "V4") and (mine or (year == own and in_care(row, month.last_day))):
                rows[row["CHILD"], row["DECOM"], row["PLACE"], row["LS"]] = row
    return list(rows.values())


def histories(rows: list[Episode], end: date) -> list[list[Episode]]:
    """The episodes in order of each child looked after at the end of a day."""
    children: dict[str, list[Episode]] = {}
    for row in sorted(rows, key=lambda row: (day(row["DECOM"]), day(row["DEC"]) or date.max, row["PLACE"])):
        children.setdefault(row["CHILD"], []).append(row)
    return [each for each in children.values() if any(in_care(row, end) for row in each)]


def stays(history: list[Episode]) -> list[tuple[date, date, str]]:
    """Placements: start, end, and the type they began with. (No child of these files is ever placed under T0 to T4.)"""
    found: list[tuple[date, date, str]] = []
    for row in history:
        assert not row["PLACE"].startswith("T")
        start, end = day(row["DECOM"]) or date.min, day(row["DEC"]) or date.max
        if not found or row["RNE"] in ("S", "P", "B"):
            found.append((start, end, row["PLACE"]))
        else:
            found[-1] = (found[-1][0], max(found[-1][1], end), found[-1][2])
    return found


def moved_often(history: list[Episode], first: date) -> bool:
    return sum(end > first and end > start for start, end, _ in stays(history)) >= 3


def back(end: date, months: int) -> date:
    return (Month.of(end) - months).last_day


def long_and_settled(history: list[Episode], end: date) -> tuple[bool, bool]:
    """Under 16 and in care without a break for 30 months, and in one placement for 24."""
    now = max((row for row in history if in_care(row, end)), key=lambda row: (day(row["DECOM"]), row["PLACE"]))
    born = day(now["DOB"])
    since, until = date.max, date.min
    for row in history:
        start = day(row["DECOM"]) or date.min
        since = since if start <= until else start
        until = max(until, day(row["DEC"]) or date.max)
    young = born is not None and born > end.replace(year=end.year - 16)
    all_stays = stays(history)
    at = len(stays(history[: history.index(now) + 1])) - 1
    settled_since = all_stays[at][0]
    if at and all_stays[at][2] in ("A3", "A4", "A5", "A6") and all_stays[at - 1][1] >= settled_since:
        settled_since = all_stays[at - 1][0]
    return young and since <= back(end, 30), settled_since <= back(end, 24)


@pytest.fixture(scope="module")
def years(real_ssda903: Path) -> dict[int, list[Episode]]:
    return {year: years_rows(real_ssda903, year) for year in range(2017, 2022)}


def test_three_or_more_placements_of_every_month_end(figures: pd.DataFrame, years: dict[int, list[Episode]]) -> None:
    months = month_range(MANY_FROM, MONTHS[-1])
    assert len(months) == 49
    found = figures[(figures["code"] == "PL-07") & (figures["breakdown"] == "all")].set_index("month")
    for month in months:
        children = histories(looked_back(years, month, 12), month.last_day)
        many = sum(moved_often(child, (month - 11).first_day) for child in children)
        got = found.loc[str(month), ["numerator", "denominator"]].tolist()
        assert got == [many, len(children)], month
    assert set(found.drop([str(month) for month in months])["state"]) == {"not_available"}


def test_long_term_stability_of_every_month_end(figures: pd.DataFrame, years: dict[int, list[Episode]]) -> None:
    months = month_range(SETTLED_FROM, MONTHS[-1])
    assert len(months) == 31
    found = figures[(figures["code"] == "PL-08") & (figures["breakdown"] == "all")].set_index("month")
    for month in months:
        children = histories(looked_back(years, month, 30), month.last_day)
        each = [long_and_settled(child, month.last_day) for child in children]
        counted = [sum(long and settled for long, settled in each), sum(long for long, _ in each)]
        assert found.loc[str(month), ["numerator", "denominator"]].tolist() == counted, month
    assert set(found.drop([str(month) for month in months])["state"]) == {"not_available"}


def test_one_file_alone_or_all_merely_joined_are_wrong(figures: pd.DataFrame, years: dict[int, list[Episode]]) -> None:
    """The trap of definitions 1.4: 3 of 312 from one year's file, 171 of 440 from files joined, 65 of 312 is right."""
    end, first = JUNE_2018.last_day, (JUNE_2018 - 11).first_day
    right = figures[(figures["code"] == "PL-07") & (figures["month"] == "2018-06")].iloc[0]
    assert (right["numerator"], right["denominator"]) == (65, 312)
    first_file, second_file = (
        [row for row in years[year] if row["LS"] not in ("V3", "V4") and (day(row["DECOM"]) or date.max) <= end]
        for year in (2017, 2018)
    )
    for rows, wrong in ((second_file, (3, 312)), (first_file + second_file, (171, 440))):
        children = histories(rows, end)
        assert (sum(moved_often(child, first) for child in children), len(children)) == wrong


# Five children at 30 June 2018, traced by hand. Rows by file and line; start, reason, type and end as they stand there.
TRACED = {
    "one home: the same carer, then two legal changes": (
        [
            ("2017-18", 69, "20/08/2017", "S", "P1", "31/12/2017"),
            ("2018-19", 32, "31/12/2017", "T", "P1", "04/04/2018"),
            ("2018-19", 33, "04/04/2018", "L", "P1", "09/05/2018"),
            ("2018-19", 34, "09/05/2018", "L", "P1", "26/08/2018"),
        ],
        1, "20/08/2017", "20/08/2017",
    ),
    "one carer since 2015, then a children's home": (
        [
            ("2017-18", 89, "16/07/2015", "L", "U4", "14/11/2017"),
            ("2017-18", 90, "14/11/2017", "U", "U4", "06/12/2017"),
            ("2018-19", 44, "06/12/2017", "P", "K2", "02/12/2018"),
        ],
        2, "16/07/2015", "06/12/2017",
    ),
    "three carers, the first under two legal statuses": (
        [
            ("2017-18", 192, "05/06/2017", "P", "U4", "21/07/2017"),
            ("2017-18", 193, "21/07/2017", "U", "U4", "04/01/2018"),
            ("2018-19", 124, "04/01/2018", "P", "U5", "19/04/2018"),
            ("2018-19", 125, "19/04/2018", "P", "U5", "19/12/2018"),
        ],
        3, "05/06/2017", "19/04/2018",
    ),
    "a series of short breaks in between is no placement": (
        [
            ("2018-19", 200, "01/06/2017", "T", "U4", "21/04/2018"),
            ("2017-18", 294, "22/08/2017", "S", "P1", "19/10/2017"),
            ("2018-19", 201, "21/04/2018", "L", "U4", ""),
        ],
        1, "01/06/2017", "01/06/2017",
    ),
    "went home, came back, moved: the placement before counts": (
        [
            ("2017-18", 1406, "27/06/2016", "P", "U5", "01/08/2017"),
            ("2017-18", 1407, "29/09/2017", "S", "U5", "03/01/2018"),
            ("2018-19", 940, "03/01/2018", "P", "U5", "08/11/2018"),
        ],
        3, "29/09/2017", "03/01/2018",
    ),
}  # fmt: skip


def test_five_children_traced_by_hand(workspace: Workspace, years: dict[int, list[Episode]]) -> None:
    with open_job(workspace, JUNE_2018) as job:
        view = measure_rows(job, sources_of(job, receive_files(job))).view(THREE_OR_MORE_PLACEMENTS, Period.ROLLING_12)
    children = view[view["month"] == "2018-06"].set_index("child_id")
    for what, (rows, placements, in_care_since, placed_since) in TRACED.items():
        lines = [years[int(file[:4])][line - 2] for file, line, *_ in rows]
        assert [(row["DECOM"], row["RNE"], row["PLACE"], row["DEC"]) for row in lines] == [row[2:] for row in rows]
        (child,) = {row["CHILD"] for row in lines}
        assert children.at[child, "placements"] == placements, what
        since = [
            date(1970, 1, 1) + timedelta(days=int(children.at[child, n])) for n in ("in_care_since", "placed_since")
        ]
        assert since == [day(in_care_since), day(placed_since)], what
