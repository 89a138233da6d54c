"""The dates that Prefect makes of the schedule over summer time and new year, and what the months do on them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.runs import one_small_picture, runs_draw
from tests.schedule.months import interviews_come, placements_come, waiting_workspace

from perfpipe.dates.months import LONDON, Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.schedule.due import run_due

pytestmark = pytest.mark.slow
SPANS = [
    (date(2018, 3, 23), date(2018, 3, 28)),  # summer time begins on Sunday 25 March
    (date(2018, 10, 26), date(2018, 10, 31)),  # it ends on Sunday 28 October
    (date(2018, 12, 28), date(2019, 1, 3)),
]


def dates_of(which: str, first: date, last: date) -> list[datetime]:
    """What Prefect's server would run between two days, in London: of EACH_HOUR or EACH_NIGHT."""
    from prefect.server.schemas.schedules import CronSchedule

    from flows import serve

    schedule = CronSchedule(cron=getattr(serve, which), timezone=serve.ZONE)
    start = datetime(first.year, first.month, first.day, tzinfo=LONDON)
    end = start + timedelta(days=(last - first).days + 1, hours=2)
    found = asyncio.run(schedule.get_dates(n=500, start=start, end=end))
    in_london = [datetime.fromisoformat(each.isoformat()).astimezone(LONDON) for each in found]
    return [each for each in in_london if first <= each.date() <= last]


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_each_hour_of_a_working_day_once(first: date, last: date) -> None:
    """Bank holidays are looked at too: nobody is late on one, as none is a working day."""
    expected = [
        datetime(day.year, day.month, day.day, hour, 15, tzinfo=LONDON)
        for day in days_of(first, last)
        if day.weekday() < 5
        for hour in range(7, 20)
    ]
    found = dates_of("EACH_HOUR", first, last)
    assert found == expected
    assert len({each.astimezone(UTC) for each in found}) == len(found)


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_each_night_once(first: date, last: date) -> None:
    expected = [datetime(day.year, day.month, day.day, 3, 30, tzinfo=LONDON) for day in days_of(first, last)]
    assert dates_of("EACH_NIGHT", first, last) == expected


@pytest.mark.soak
@pytest.mark.usefixtures("_runs_of_a_year")
@pytest.mark.parametrize(
    ("month", "due", "span"),
    [  # the 20th working day of the month after, counted by hand
        ("2018-02", date(2018, 3, 28), SPANS[0]),
        ("2018-09", date(2018, 10, 26), SPANS[1]),
        ("2018-11", date(2019, 1, 2), SPANS[2]),  # 25 and 26 December and 1 January are bank holidays
    ],
)
def test_each_state_of_the_files_has_one_edition(
    tmp_path: Path, month: str, due: date, span: tuple[date, date]
) -> None:
    """Placements come on the evening of the last day: until their day nothing runs, on it one run, then one more."""
    workspace = waiting_workspace(tmp_path / "workspace")
    settings = workspace.settings_file
    text = settings.read_text().replace("by_working_day = 5", "by_working_day = 20").replace("closure_days", "# ")
    settings.write_text(text)
    interviews_come(workspace, month, f"02/{month[5:]}/{month[:4]} 10:00")
    looks = dates_of("EACH_HOUR", *span)[::3]
    published = []
    with runs_draw(one_small_picture):
        for number, look in enumerate(looks):
            if number == len(looks) - 2:
                placements_come(workspace, month)
            runs = run_due(workspace, look.astimezone(UTC))
            published += [look for run in runs if run.outcome and run.outcome.changed]

    assert published == [next(look for look in looks if look.date() >= due), looks[-2]]
    ledger = Ledger.open(workspace.processed)
    try:
        assert [each.edition for each in ledger.packs(PackAudience.BOARD, Month.parse(month))] == [1, 2]
    finally:
        ledger.close()
