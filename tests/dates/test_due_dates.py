"""In time, late, not yet due: definitions 2.4, by hand and as a partition."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.dates.due_dates import in_time, judged, late, months_after, not_yet_due

DAYS = [f"2017-06-{day:02d}" for day in range(28, 31)] + ["2017-07-01", "2017-07-02"]


def columns(done: str | None, due: str | None, as_at: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    day = [pd.Series(pd.to_datetime([text])).astype("datetime64[us]") for text in (done, due)]
    return day[0], day[1], pd.Series(pd.to_datetime([as_at], utc=True)).astype("datetime64[us, UTC]")


@pytest.mark.parametrize(
    ("done", "due", "as_at", "state"),
    [
        ("2017-06-30", "2017-06-30", "2017-07-05 05:00", "in time"),  # on the day
        ("2017-07-01", "2017-06-30", "2017-07-05 05:00", "late"),
        (None, "2017-06-30", "2017-07-05 05:00", "late"),  # overdue and unfinished
        (None, "2017-06-30", "2017-06-30 22:59", "not yet due"),  # 23:59 in London: the day is not over
        (None, "2017-06-30", "2017-06-30 23:00", "late"),  # midnight in London
        (None, "2017-07-06", "2017-07-05 05:00", "not yet due"),
        ("2017-07-04", "2017-07-06", "2017-07-05 05:00", "in time"),  # done early: in time whatever the day
        (None, None, "2017-07-05 05:00", "nothing"),
        ("2017-07-04", None, "2017-07-05 05:00", "nothing"),
    ],
)
def test_state(done: str | None, due: str | None, as_at: str, state: str) -> None:
    done_on, due_on, at = columns(done, due, as_at)
    assert in_time(done_on, due_on)[0] == (state == "in time")
    assert late(done_on, due_on, at)[0] == (state == "late")
    assert not_yet_due(done_on, due_on, at)[0] == (state == "not yet due")
    assert judged(done_on, due_on, at)[0] == (state in ("in time", "late"))


@given(st.sampled_from([None, *DAYS]), st.sampled_from(DAYS), st.sampled_from(DAYS), st.integers(0, 23))
def test_with_a_due_date_exactly_one_holds(done: str | None, due: str, as_at: str, hour: int) -> None:
    done_on, due_on, at = columns(done, due, f"{as_at} {hour:02d}:00")
    states = [in_time(done_on, due_on)[0], late(done_on, due_on, at)[0], not_yet_due(done_on, due_on, at)[0]]
    assert sum(states) == 1


@pytest.mark.parametrize(
    ("day", "number", "due"),
    [
        ("2017-01-15", 2, "2017-03-15"), ("2016-12-31", 2, "2017-02-28"), ("2015-12-31", 2, "2016-02-29"),
        ("2017-10-31", 4, "2018-02-28"), ("2017-08-30", 6, "2018-02-28"), ("2017-02-28", 6, "2017-08-28"),
    ],
)  # fmt: skip
def test_calendar_months_are_clamped_to_the_month_end(day: str, number: int, due: str) -> None:
    assert months_after(pd.Series(pd.to_datetime([day])), number).dt.strftime("%Y-%m-%d")[0] == due
