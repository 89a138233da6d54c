"""29 October 2017, 01:00 to 02:00 in London, occurs twice: the reading in a possible order is taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import check_records, checked, episode, rules, write_csv

NAMES = ("missing_from", "found_at", "returned_at", "interview_at")


def at(*times: str) -> dict[str, str]:
    return {name: f"29/10/2017 {time}" if time else "" for name, time in zip(NAMES, times, strict=True)}


@pytest.mark.parametrize(
    ("times", "in_utc"),
    [
        # as before where both are possible: start and return in summer time, interview in winter time
        (("00:30", "", "01:20", "01:40"), ("23:30", "", "00:20", "01:40")),
        (("01:20", "", "01:50", ""), ("00:20", "", "00:50", "")),
        # a return before its start by the clock: back an hour later
        (("01:50", "", "01:20", ""), ("00:50", "", "01:20", "")),
        (("01:50", "01:55", "01:20", "01:40"), ("00:50", "00:55", "01:20", "01:40")),
        (("01:50", "01:10", "01:20", "02:30"), ("00:50", "01:10", "01:20", "02:30")),
        # by the clock, the interview before the return: in winter time, as the return in summer time
        (("00:30", "", "01:40", "01:20"), ("23:30", "", "00:40", "01:20")),
        # found and returned, the second by the clock earlier
        (("00:30", "01:50", "01:20", "03:00"), ("23:30", "00:50", "01:20", "03:00")),
        # no order is possible: as before, and a fault
        (("02:30", "", "01:20", ""), ("02:30", "", "00:20", "")),
    ],
)  # fmt: skip
def test_the_reading_in_a_possible_order(times: tuple[str, ...], in_utc: tuple[str, ...], tmp_path: Path) -> None:
    record = episode() | at(*times) | ({} if times[3] else {"outcome": "", "offered": "N"})
    path = write_csv(tmp_path / "return_home_interviews.csv", [record])
    result = checked(path, "return_home_interviews", as_at=datetime(2017, 11, 30, tzinfo=UTC))
    row = result.rows.iloc[0]
    assert tuple(f"{row[name]:%H:%M}" if times[number] else "" for number, name in enumerate(NAMES)) == in_utc
    assert ("return_before_missing" in rules(result.faults)) == (times[0] == "02:30")


def test_a_time_that_is_only_a_date_is_in_no_order(tmp_path: Path) -> None:
    record = episode() | at("01:50", "", "", "01:20") | {"returned_at": "29/10/2017"}
    row = check_records(tmp_path, "return_home_interviews", [record]).rows.iloc[0]
    assert (f"{row['missing_from']:%H:%M}", f"{row['interview_at']:%H:%M}") == ("00:50", "01:20")


@pytest.mark.parametrize("day", ["25/10/2015", "31/10/2021"])
def test_the_earliest_and_the_latest_day_on_which_clocks_go_back(day: str, tmp_path: Path) -> None:
    record = episode() | {"missing_from": f"{day} 01:50", "returned_at": f"{day} 01:20", "interview_at": ""}
    row = check_records(tmp_path, "return_home_interviews", [record]).rows.iloc[0]
    assert (f"{row['missing_from']:%H:%M}", f"{row['returned_at']:%H:%M}") == ("00:50", "01:20")


@pytest.mark.slow
def test_other_hours_and_other_days_are_left_alone(tmp_path: Path) -> None:
    for day in ("28/10/2017", "22/10/2017", "29/10/2018"):
        record = episode() | {"missing_from": f"{day} 01:50", "returned_at": f"{day} 01:20", "interview_at": ""}
        row = check_records(tmp_path, "return_home_interviews", [record]).rows.iloc[0]
        assert row["returned_at"] < row["missing_from"]
