"""An extract's own dates against the folder it came in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.settings.layouts import Covers
from perfpipe.settings.settings import Settings
from perfpipe.validate.declared_span import span_faults
from perfpipe.validate.extract_dates import ExtractOrigin, own_faults
from tests.builders import Records, check_records, episode, placement, worker

MAY = Month(2017, 5)
SETTINGS = Settings.model_validate({"authority": {"name": "X"}})


def found(
    folder: Path,
    dataset: str,
    records: Records,
    months: tuple[Month, Month] = (MAY, MAY),
    made: datetime | None = None,
    covers: Covers | None = None,
    settings: Settings = SETTINGS,
) -> list[tuple[str, str]]:
    """Rule and severity of an extract that came in a folder; made at the folder's end, or at a time it states."""
    rows = check_records(folder, dataset, records).rows
    at, says = made or months[1].end_at, "cell" if made else ""
    arrived = ExtractOrigin("ab" * 32, BY_ID[dataset], "f.csv", "", months, covers, at, says)
    return [(fault.rule, fault.severity.value) for fault in own_faults(arrived, rows, settings)]


def stays(*starts: str) -> Records:
    """One open placement for each start."""
    return [placement(child_id=f"C{n}", started_on=start) for n, start in enumerate(starts)]


APRIL = [f"{day:02d}/04/2017" for day in range(1, 31)]  # 30 starts: an empty May is no chance


@pytest.mark.slow
def test_an_extract_of_its_month_has_no_faults(tmp_path: Path) -> None:
    assert found(tmp_path, "placements", stays(*APRIL, "31/05/2017")) == []


def test_nothing_in_the_month_after_many_stops(tmp_path: Path) -> None:
    assert found(tmp_path, "placements", stays(*APRIL)) == [("no_records_in_month", "stop")]


@pytest.mark.slow
def test_nothing_in_the_month_after_few_may_be_chance(tmp_path: Path) -> None:
    assert found(tmp_path, "placements", stays(*APRIL[1:])) == []
    assert found(tmp_path, "placements", stays(*APRIL), (Month(2017, 8), Month(2017, 8))) == []  # long before


def test_an_end_in_the_month_counts_too(tmp_path: Path) -> None:
    ended = placement(child_id="E", started_on="01/01/2017", ceased_on="02/05/2017", cease_reason_code="X1")
    assert found(tmp_path, "placements", [*stays(*APRIL), ended]) == []


@pytest.mark.slow
def test_a_time_of_the_first_local_hour_is_in_the_month(tmp_path: Path) -> None:
    # 00:30 on 1 May in London is still April in UTC
    nights = [episode(episode_id=f"E{n}", missing_from=f"{day} 20:00", returned_at=f"{day} 23:00", interview_at="")
              for n, day in enumerate(APRIL)]  # fmt: skip
    first = episode(missing_from="30/04/2017 22:00", returned_at="01/05/2017 00:30", interview_at="")
    assert found(tmp_path, "return_home_interviews", nights) == [("no_records_in_month", "stop")]
    assert found(tmp_path, "return_home_interviews", [*nights, first]) == []


@pytest.mark.slow
def test_a_file_of_one_month_needs_no_many(tmp_path: Path) -> None:
    month = Covers.model_validate({"span": "month", "selects_by": "started"})
    assert found(tmp_path, "placements", stays("30/04/2017"), covers=month) == [("no_records_in_month", "stop")]
    assert found(tmp_path, "placements", stays("30/04/2017", "01/05/2017"), covers=month) == []


@pytest.mark.slow
def test_a_financial_year_folder_takes_any_month_of_its_year(tmp_path: Path) -> None:
    year = (Month(2017, 4), Month(2018, 3))
    assert found(tmp_path, "placements", stays(*APRIL), year) == []
    later = (Month(2018, 4), Month(2019, 3))
    march = [f"{day:02d}/03/2018" for day in range(1, 31)]
    assert found(tmp_path, "placements", stays(*march), later) == [("no_records_in_month", "stop")]


@pytest.mark.parametrize(
    ("made", "rules"),
    [
        (datetime(2017, 4, 30, 22, 59, 59, tzinfo=UTC), [("made_before_month", "stop")]),  # 23:59:59 in London
        (datetime(2017, 4, 30, 23, 0, 0, tzinfo=UTC), []),  # the first second of May there
        (datetime(2017, 9, 1, tzinfo=UTC), []),  # loaded back
    ],
)
def test_an_extract_made_before_its_month_began_stops(
    made: datetime, rules: list[tuple[str, str]], tmp_path: Path
) -> None:
    records = stays("01/05/2017") if made.month > 5 else stays("01/04/2017")
    assert found(tmp_path, "placements", records, made=made) == rules


@pytest.mark.slow
def test_an_extract_within_its_financial_year_is_none_made_before(tmp_path: Path) -> None:
    year = (Month(2017, 4), Month(2018, 3))
    assert found(tmp_path, "placements", stays("01/05/2017"), year, datetime(2017, 12, 1, tzinfo=UTC)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("after", "month", "warns"), [(5, 10, True), (5, 11, False), (4, 0, False), (30, 30, True)])
def test_many_starts_after_the_month_mean_that_the_extract_is_of_a_later_one(
    after: int, month: int, warns: bool, tmp_path: Path
) -> None:
    # at least 5, and at least half as many as start in the folder's month
    records = stays(*(f"{n % 28 + 1:02d}/05/2017" for n in range(month)), *["02/06/2017"] * after)
    assert found(tmp_path, "placements", records) == ([("records_after_month", "warn")] if warns else [])


@pytest.mark.slow
def test_a_stated_time_does_not_excuse_the_wrong_folder(tmp_path: Path) -> None:
    june = stays(*["20/05/2017"] * 6, *["20/06/2017"] * 6)
    made = datetime(2017, 7, 3, tzinfo=UTC)
    assert found(tmp_path, "placements", june, made=made) == [("records_after_month", "warn")]
    assert found(tmp_path, "placements", june, (Month(2017, 6), Month(2017, 6)), made) == []


@pytest.mark.parametrize(
    ("after", "month", "earlier", "rule"),
    [
        (7, 2, 20, "dates_in_future"),  # more than three months' worth, and 7 of 29 records
        (7, 2, 51, "dates_in_future"),  # 7 of 60
        (6, 2, 20, "records_after_month"),  # three months' worth
        (7, 2, 61, "records_after_month"),  # 7 of 70 records: a tenth, as planned starters may be
    ],
)
def test_starts_of_months_to_come_stop(after: int, month: int, earlier: int, rule: str, tmp_path: Path) -> None:
    records = stays(*["01/02/2017"] * earlier, *["01/05/2017"] * month, *["02/06/2021"] * after)
    severity = "stop" if rule == "dates_in_future" else "warn"
    assert found(tmp_path, "placements", records) == [(rule, severity)]


def months(*names: str) -> Records:
    return [{"month": name, "vacancies_fte": 1, "agency_fte": 1} for name in names]


def test_rows_by_month_must_have_the_month_of_the_folder(tmp_path: Path) -> None:
    assert found(tmp_path, "workforce_monthly", months("2017-04", "2017-05")) == []
    assert found(tmp_path, "workforce_monthly", months("2017-03", "2017-04")) == [("month_row_missing", "warn")]
    assert found(tmp_path, "workforce_monthly", months("2017-05", "2017-06")) == [("records_after_month", "warn")]


def test_an_extract_without_records_stops_unless_its_dataset_may_be_empty(tmp_path: Path) -> None:
    headers = [dict.fromkeys(worker(), "")]
    assert found(tmp_path, "social_workers", headers) == [("empty_extract", "stop")]
    quiet = SETTINGS.model_copy(
        update={"arrivals": SETTINGS.arrivals.model_copy(update={"may_be_empty": ("social_workers",)})}
    )
    assert found(tmp_path, "social_workers", headers, settings=quiet) == []


def contradicted(folder: Path, dataset: str, records: Records, span: str, selects_by: str) -> list[str]:
    """What is found against a declared span of an extract in the folder of May 2017."""
    rows = check_records(folder, dataset, records).rows
    covers = Covers.model_validate({"span": span, "selects_by": selects_by})
    arrived = ExtractOrigin("ab" * 32, BY_ID[dataset], "f.csv", "", (MAY, MAY), covers, MAY.end_at, "")
    return [fault.found for fault in span_faults(arrived, rows)]


@pytest.mark.slow
def test_a_span_that_the_newest_records_do_not_reach_is_told(tmp_path: Path) -> None:
    """Six months, December to May, of which April and May are without a record: 16 starts in four months are 4 a month,
    so 8 were to come; of 12 only 6, which chance may leave out."""
    sixteen = stays(
        *(f"{day:02d}/{month}" for month in ("12/2016", "01/2017", "02/2017", "03/2017") for day in range(1, 5))
    )
    (one,) = gone("10/12/2016")
    told = ["no record dated after 2017-03, and `covers` says that the extract goes to 2017-05"]
    assert contradicted(tmp_path, "placements", [*sixteen, one], "last_6_months", "overlap") == told
    assert (
        contradicted(tmp_path, "placements", [*sixteen[:-4], one], "last_6_months", "overlap") != []
    )  # three months: 4 a month
    assert contradicted(tmp_path, "placements", [*sixteen[::2], one], "last_6_months", "overlap") == []
    ended = placement(child_id="E", started_on="01/01/2016", ceased_on="02/05/2017", cease_reason_code="X1")
    assert contradicted(tmp_path, "placements", [*sixteen, one, ended], "last_6_months", "overlap") == []


@pytest.mark.slow
def test_records_from_before_a_declared_span_are_told(tmp_path: Path) -> None:
    """May alone is declared. Three of 20 stays ended in April; those that began in April and are open belong to May."""
    before = [
        placement(child_id=f"E{n}", started_on="01/01/2017", ceased_on=f"{n:02d}/04/2017", cease_reason_code="X1")
        for n in range(1, 4)
    ]
    may = stays(*APRIL[:16], "31/05/2017")
    told = ["3 of 20 records ended before 2017-05, where `covers` says that the extract begins"]
    assert contradicted(tmp_path, "placements", [*before, *may], "month", "overlap") == told
    assert contradicted(tmp_path, "placements", [*before[:2], *may], "month", "overlap") == []  # a slip or two
    assert contradicted(tmp_path, "placements", [*before, *may], "last_2_months", "overlap") == []
    told = ["19 of 20 records started before 2017-05, where `covers` says that the extract begins"]
    assert contradicted(tmp_path, "placements", [*before, *may], "month", "started") == told
    assert contradicted(tmp_path, "placements", [*before, *may], "all", "overlap") == []


def gone(*days: str) -> Records:
    return [
        placement(child_id=f"E{n}", started_on="01/01/2016", ceased_on=day, cease_reason_code="X1")
        for n, day in enumerate(days)
    ]


@pytest.mark.slow
def test_a_span_whose_first_months_have_no_record_is_told(tmp_path: Path) -> None:
    """Of a year, only March to May have ends, four each: in the nine months before 36 were to come."""
    ended = gone(*(f"{day:02d}/{month}" for month in ("03/2017", "04/2017", "05/2017") for day in range(1, 5)))
    told = ["no record ended before 2017-03, and `covers` says that the extract begins at 2016-06"]
    assert contradicted(tmp_path, "placements", ended, "last_12_months", "overlap") == told
    assert contradicted(tmp_path, "placements", ended, "last_3_months", "overlap") == []
    assert contradicted(tmp_path, "placements", ended, "last_4_months", "overlap") == []  # four may fail by chance


@pytest.mark.slow
@pytest.mark.parametrize(("ended", "span", "is_told"), [(5, 12, True), (4, 12, False), (7, 2, True), (6, 2, False)])
def test_how_many_records_tell_that_a_span_begins_late(ended: int, span: int, is_told: bool, tmp_path: Path) -> None:
    """All ended in May: five or more, by which seven or more were to come in the months before."""
    found = contradicted(
        tmp_path,
        "placements",
        gone(*(f"{day:02d}/05/2017" for day in range(1, ended + 1))),
        f"last_{span}_months",
        "overlap",
    )
    assert bool(found) is is_told


@pytest.mark.slow
@pytest.mark.parametrize(("started", "is_told"), [(7, True), (6, False)])
def test_how_many_open_records_tell_that_ended_ones_are_missing(started: int, is_told: bool, tmp_path: Path) -> None:
    found = contradicted(tmp_path, "placements", stays(*APRIL[:started]), "last_12_months", "overlap")
    assert bool([each for each in found if "holds both" in each]) is is_told


@pytest.mark.slow
def test_open_records_alone_are_no_overlap_and_ended_ones_no_snapshot(tmp_path: Path) -> None:
    still = stays(*APRIL[:16], "31/05/2017")
    told = ["no record ended from 2016-06 to 2017-05, while 17 started, and `covers` says that it holds both"]
    assert contradicted(tmp_path, "placements", still, "last_12_months", "overlap") == told
    assert contradicted(tmp_path, "placements", still, "last_2_months", "started") == []
    assert contradicted(tmp_path, "placements", still, "month", "snapshot") == []
    told = ["3 of 20 records had ended when it was made, and `covers` says that it holds open ones"]
    both = [*gone("01/05/2017", "02/05/2017", "03/05/2017"), *still]
    assert contradicted(tmp_path, "placements", both, "month", "snapshot") == told
    assert contradicted(tmp_path, "placements", both[1:], "month", "snapshot") == []
