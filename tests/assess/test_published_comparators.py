"""The published file of one authority: its values, and the census formulas behind its workforce rates.

The file is no part of the repository; without it these tests are skipped with the reason.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from perfpipe.assess.comparators import Comparators, comparison_of, load_comparators
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.definition import Measure, Period
from tests.conftest import REAL_DATA
from tests.workspaces import counts, deliver, figures_of, new_workspace, spell

FILE = REAL_DATA / "published" / "coventry_comparators.csv"
TURNOVER, LOOKED_AFTER, HOMES = (
    BY_ID[x] for x in ("turnover_12_months", "children_looked_after", "in_childrens_homes")
)
APRIL_2026 = date(2026, 4, 8)
SETTINGS = """
[comparators]
file = "data/comparators/lait.csv"
source = "Department for Education, Local Authority Interactive Tool"
vintage = "April 2026"

[comparators.columns]
own = "Coventry"
areas = ["England", "West Midlands"]

[[comparators.neighbours]]
name = "Statistical neighbours of 2021"
mean = "SN2021_mean"
count = "SN_n"

[[comparators.match]]
measure = "turnover_12_months"
period = "rolling_12"
key = "Work_Force_TO_Rate"
given_in = "percent"

[[comparators.match]]
measure = "children_looked_after"
period = "month_end"
key = "LACnum"
"""
RELEASE = '\n[[comparators.releases]]\nyear_type = "{}"\nyear = {}\nreleased = {}\n'
RELEASES = "".join(
    RELEASE.format(*release)
    for release in (
        ("Annual (end of Sept)", 2016, "2017-02-16"),
        ("Annual (end of Sept)", 2017, "2018-02-15"),
        ("Annual", 2017, "2017-09-28"),
        ("Financial Year", 2017, "2017-09-28"),
    )
)


@pytest.fixture(scope="module")
def published() -> dict[tuple[str, int], dict[str, str]]:
    if not FILE.is_file():
        pytest.skip(f"no published file at {FILE}: it is not part of the repository")
    with open(FILE, encoding="utf-8", newline="") as file:
        return {(row["short"], int(row["year"])): row for row in csv.DictReader(file)}


@pytest.fixture
def load(published: object, tmp_path: Path) -> Callable[[str], Comparators]:
    def loaded(more: str = "") -> Comparators:
        workspace = new_workspace(tmp_path, "Coventry")
        (tmp_path / "data" / "comparators").mkdir()
        shutil.copyfile(FILE, tmp_path / "data" / "comparators" / "lait.csv")
        with open(workspace.settings_file, "a", encoding="utf-8") as file:
            file.write(SETTINGS + more + RELEASES)
        comparators = load_comparators(workspace, workspace.settings(), MEASURES)
        assert comparators is not None
        return comparators

    return loaded


def shown(
    comparators: Comparators, measure: Measure, period: Period, month: Month, known: date
) -> list[Decimal | None]:
    """England, West Midlands, neighbours, own."""
    found = comparison_of(comparators, measure, period, month, known, "Coventry")
    assert found is not None
    return [each.value for each in found.values]


def test_turnover_of_2017_as_published(load: Callable[[str], Comparators]) -> None:
    values = shown(load(""), TURNOVER, Period.ROLLING_12, Month(2018, 3), APRIL_2026)
    assert values == [Decimal("0.134"), Decimal("0.14"), Decimal("0.1387"), Decimal("0.139")]


def test_on_18_october_2017_turnover_is_that_of_2016(load: Callable[[str], Comparators]) -> None:
    values = shown(load(""), TURNOVER, Period.ROLLING_12, Month(2017, 9), date(2017, 10, 18))
    assert values == [Decimal("0.151"), Decimal("0.154"), Decimal("0.1641"), Decimal("0.178")]


def test_children_looked_after_of_march_2017_as_published(load: Callable[[str], Comparators]) -> None:
    values = shown(load(""), LOOKED_AFTER, Period.MONTH_END, Month(2017, 8), date(2017, 10, 18))
    assert values[-1] == 620


def test_three_or_more_placements_of_2017_as_published(load: Callable[[str], Comparators]) -> None:
    """Matched with another measure of the same form, as what is looked at is the file."""
    match = '\n[[comparators.match]]\nmeasure = "in_childrens_homes"\nperiod = "month_end"\n'
    match += 'key = "LACStable_2016on"\ngiven_in = "percent"\n'
    values = shown(load(match), HOMES, Period.MONTH_END, Month(2017, 8), date(2017, 10, 18))
    assert values == [Decimal("0.10"), Decimal("0.11"), Decimal("0.099"), Decimal("0.12")]


# -- The census formulas (definitions 5.1) -------------------------------------------------------------------------

YEARS = range(2017, 2026)
Published = dict[tuple[str, int], dict[str, str]]


def own(published: Published, key: str, year: int) -> Decimal:
    return Decimal(published[key, year]["Coventry"])


def percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize("year", YEARS)
def test_turnover_is_leavers_over_those_in_post_at_the_years_end(year: int, published: Published) -> None:
    leavers, in_post = own(published, "Social_Work_Leavers", year), own(published, "Work_Force_NoSW", year)
    assert abs(percent(leavers, in_post) - own(published, "Work_Force_TO_Rate", year)) <= Decimal("0.1")


@pytest.mark.slow
def test_our_turnover_of_the_years_leavers_and_staff_is_the_published_one(published: Published, tmp_path: Path) -> None:
    """37.6 FTE left in the year to September 2017, and 270.4 were in post at its end."""
    leavers, in_post = own(published, "Social_Work_Leavers", 2017), own(published, "Work_Force_NoSW", 2017)
    rows = []
    for name, total, end in (("L", leavers, "2017-05-31"), ("S", in_post, "")):
        whole = int(total)
        shares = ["1"] * whole + [str(total - whole)]
        rows += [spell(f"{name}{n}", "2012-04-01", end, fte=share) for n, share in enumerate(shares)]
        rows += [spell(f"{name}x", "2016-11-01", "2017-02-28")] if name == "L" else []  # the census does not see this
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2017-09", "social_workers", rows)
    numerator, denominator = counts(figures_of(workspace, "2017-09", codes=["SW-06"]), "SW-06", "2017-09")
    assert (numerator, denominator) == (float(leavers), float(in_post))
    assert percent(Decimal(str(numerator)), Decimal(str(denominator))) == own(published, "Work_Force_TO_Rate", 2017)


def test_the_rates_of_2017_follow_from_their_parts(published: Published) -> None:
    """FTE vacancies 66, agency 39.8, of them covering 38.8; 2,840.1 days lost in 253; 179.3 FTE hold cases."""
    in_post, cases = own(published, "Work_Force_NoSW", 2017), own(published, "Work_Force_Num_CaseHeld", 2017)
    vacancies, agency, covering = Decimal(66), Decimal("39.8"), Decimal("38.8")
    found = {
        "Work_Force_Vac_Rate": percent(vacancies, vacancies + in_post),
        "Work_Force_Agecy_Rate": percent(agency, agency + in_post),
        "Work_Force_AgencyCover": percent(covering, agency),
        "Vacancies_cover": percent(covering, vacancies),
        "Work_Force_SWAbsence": percent(Decimal("2840.1"), in_post * working_days(2017)),
        "Work_Force_AvgNumCase_SW": (cases / Decimal("179.3")).quantize(Decimal("0.1"), ROUND_HALF_UP),
    }
    assert found == {key: own(published, key, 2017) for key in found}


@pytest.mark.parametrize("year", [year for year in YEARS if year != 2019])  # not published for 2019
def test_agency_cover_of_vacancies_follows_from_the_other_rates(year: int, published: Published) -> None:
    """Covering over vacancies is covering over agency times agency over vacancies, within the rounding of the three."""

    def odds(key: str, off: str = "0") -> Decimal:
        share = (own(published, key, year) + Decimal(off)) / 100
        return share / (1 - share)

    covering, theirs = own(published, "Work_Force_AgencyCover", year), own(published, "Vacancies_cover", year)
    half = "0.05"
    least = (covering - Decimal(half)) * odds("Work_Force_Agecy_Rate", f"-{half}") / odds("Work_Force_Vac_Rate", half)
    most = (covering + Decimal(half)) * odds("Work_Force_Agecy_Rate", half) / odds("Work_Force_Vac_Rate", f"-{half}")
    assert least - Decimal("0.1") <= theirs <= most + Decimal("0.1")


def working_days(year: int) -> int:
    """The census's working days in the year to 30 September: 253, and 254 where it holds a 29 February."""
    days = (date(year, 9, 30) - date(year - 1, 9, 30)) // timedelta(days=1)
    return 253 + (days == 366)


def test_a_leap_year_has_a_working_day_more() -> None:
    assert [working_days(year) for year in (2016, 2017, 2020, 2024)] == [254, 253, 254, 254]
