"""Real input: five years of national files give the same figures as a count in a few lines of standard library."""

from __future__ import annotations

import calendar
import csv
import shutil
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.catalogue import write_workspace
from perfpipe.months import Month, month_range
from perfpipe.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings import Workspace

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
def figures(real_ssda903: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    root = tmp_path_factory.mktemp("ssda903") / "workspace"
    write_workspace(root, "ssda903")
    shutil.copytree(real_ssda903, root / "data" / "raw", dirs_exist_ok=True)
    for month in (Month(2020, 3), Month(2022, 3)):
        run_month(Workspace(root), month)
    return figures_known(Workspace(root))


@pytest.mark.slow
@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_every_month_end_equals_a_count_by_hand(month: Month, figures: pd.DataFrame, real_ssda903: Path) -> None:
    whole = figures[(figures["month"] == str(month)) & (figures["breakdown"] == "all")].set_index("code")
    for code, (numerator, denominator) in counted_by_hand(real_ssda903, month).items():
        assert whole.at[code, "state"] == "ok"
        assert whole.at[code, "numerator"] == numerator
        assert denominator is None or whole.at[code, "denominator"] == denominator


@pytest.mark.slow
def test_orientation_figures_of_june_2017(figures: pd.DataFrame) -> None:
    whole = figures[(figures["month"] == "2017-06") & (figures["breakdown"] == "all")].set_index("code")
    assert whole.at["PL-01", "value"] == 421
    assert (whole.at["PL-02", "numerator"], whole.at["PL-05", "numerator"]) == (304, 47)


@pytest.mark.slow
def test_groups_add_up_to_the_whole(figures: pd.DataFrame) -> None:
    groups = figures[(figures["code"] == "PL-01g") & (figures["state"] == "ok")]
    split = groups[groups["breakdown"] == "placement_group"].groupby("month")["value"].sum()
    whole = groups[groups["breakdown"] == "all"].set_index("month")["value"]
    assert len(whole) == len(MONTHS)
    assert (split == whole).all()


@pytest.mark.slow
def test_missing_extracts_are_not_available_and_never_zero(figures: pd.DataFrame) -> None:
    other = figures[figures["code"].str.startswith(("RHI", "SW"))]
    assert set(other["state"]) == {"not_available"}
    assert other[["numerator", "denominator", "value"]].isna().all(axis=None)
