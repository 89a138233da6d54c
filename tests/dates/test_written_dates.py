"""Dates that are text: forms that an analyst declares, and those that are never ambiguous."""

from __future__ import annotations

from datetime import datetime

import pytest

from perfpipe.dates.date_formats import DateFormat
from perfpipe.dates.written_dates import DateOrder, written_date, written_month


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("d/m/yyyy", "1/5/2017", "2017-05-01"),
        ("dd/mm/yyyy", "1/5/2017 14:30", "2017-05-01 14:30"),  # a time may follow any form
        ("m/d/yyyy h:mm:ss AM", "5/1/2017 2:30:00 PM", "2017-05-01 14:30"),
        ("m/d/yyyy h:mm:ss AM/PM", "05/01/2017 12:05:00 AM", "2017-05-01 00:05"),
        ("M/d/yyyy h:mm tt", "5/1/2017", "2017-05-01"),  # and be left out
        ("m/d/yy h:mm", "12/31/17 9:05", "2017-12-31 09:05"),
        ("dd.mm.yy", "01.05.17", "2017-05-01"),
        ("dd.mm.yy hh.mm", "01.05.17 14.30", "2017-05-01 14:30"),
        ("dd/mm/yy", "01/05/49", "2049-05-01"),
        ("dd/mm/yy", "01/05/50", "1950-05-01"),
        ("yy/mm/dd", "17/05/01", "2017-05-01"),
        ("yyyy/mm/dd hh:mm:ss", "2017/05/01 14:30:15", "2017-05-01 14:30:15"),
        ("yyyy/mm/dd hh:mm:ss.fff", "2017/05/01 14:30:15.123", "2017-05-01 14:30:15"),
        ("ddd dd/mm/yyyy", "Mon 01/05/2017", "2017-05-01"),
        ("yyyymmdd", "20170501", "2017-05-01"),
        ("ddmmyyyy", "1052017", "2017-05-01"),  # a number has lost its zero
        ("yyyymmddhh24miss", "20170501143015", "2017-05-01 14:30:15"),
        ("yyyymmdd hhmm", "20170501 1430", "2017-05-01 14:30"),
        ("DD-MON-YY", "01-MAY-17", "2017-05-01"),
        ("DD-MON-RR HH.MI.SSXFF AM", "01-MAY-17 02.30.00.000000 PM", "2017-05-01 14:30"),
        ("DD-MON-YYYY HH24:MI:SS", "01-MAY-2017 14:30:00", "2017-05-01 14:30"),
        ("DD/MM/YYYY HH24:MI", "01/05/2017 24:00", "2017-05-02"),
        ("dddd d mmmm yyyy, h.mm am", "Monday 1 May 2017, 2.30 pm", "2017-05-01 14:30"),
        ("yyyy-mm-ddThh:mm:ss", "2017-05-01T14:30:00", "2017-05-01 14:30"),
        ("yyyy-dd-mm", "2017-01-05", "2017-05-01"),  # what is declared comes before what is usual
        ("dd/mm/yy", "2017-05-01", "2017-05-01"),  # yyyy-mm-dd is always read
        ("dd/mm/yy", "1 May 2017", "2017-05-01"),  # and so are names of months
    ],
)
def test_a_declared_form(form: str, text: str, expected: str) -> None:
    found = written_date(text, None, DateFormat.parse(form))
    assert found is not None
    assert found.moment == at(expected)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dd/mm/yyyy", "01/05/17"), ("dd/mm/yy", "01/05/2017"), ("dd.mm.yyyy", "01/05/2017"),
        ("d/m/yyyy h:mm AM", "1/5/2017 2:30"),  # in the morning or in the afternoon
        ("dd-mmm-yy hh.mi AM", "01-May-17 02.30"), ("yyyymmdd", "201705"), ("dd/mm/yyyy", "42856"),
    ],
)  # fmt: skip
def test_another_form_is_not_guessed(form: str, text: str) -> None:
    assert written_date(text, None, DateFormat.parse(form)) is None


@pytest.mark.parametrize("text", ["31/04/2017", "1/13/2017", "1/5/2017 25:00", "1/5/2017 24:30"])
def test_what_does_not_exist(text: str) -> None:
    with pytest.raises(ValueError):
        written_date(text, None, DateFormat.parse("d/m/yyyy"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%d/%m/%Y", "cannot read all of it"), ("day/month/year", "cannot read all of it"),
        ("dd/mm", "one day, one month and one year"), ("yyyy", "one day, one month and one year"),
        ("dd/mm/yyyy dd", "one day, one month and one year"), ("hh:mm dd/mm/yyyy", "the time must follow the date"),
        ("dd/mm/yyyy hh", "its time, which must have hours and minutes"), ("", "one day, one month and one year"),
        ("dmy", "cannot read all of it"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_understood_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"expected a form such as d/m/yyyy, dd\.mm\.yy") as raised:
        DateFormat.parse(text)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 May 2017", "2017-05-01"), ("1st of May 2017 at 2.30pm", "2017-05-01 14:30"),
        ("Mon, 1 May 2017 14:30:05", "2017-05-01 14:30:05"), ("01MAY2017", "2017-05-01"),
        ("01MAY2017:14:30:00.000", "2017-05-01 14:30"), ("May  1 2017  2:30PM", "2017-05-01 14:30"),
        ("Sept. 3, 2017", "2017-09-03"), ("2017-May-01", "2017-05-01"), ("01/MAY/17", "2017-05-01"),
        ("1-June-17 24:00", "2017-06-02"),
    ],
)  # fmt: skip
def test_a_month_with_a_name_is_read_without_any_key(text: str, expected: str) -> None:
    for order in (None, "day_first", "month_first", "iso"):
        found = written_date(text, order, None)  # type: ignore[arg-type]
        assert found is not None
        assert found.moment == at(expected)


@pytest.mark.parametrize("text", ["May 2017", "1 Mai 2017", "01-05-17", "Monday", "1 May", "May 1 17", "2 30 May 2017"])
def test_what_is_no_date(text: str) -> None:
    assert written_date(text, "day_first", None) is None


@pytest.mark.parametrize("text", ["Apr-17", "April 2017", "apr 17", "APR-2017", "2017 Apr", "Apr '17"])
def test_months_with_names(text: str) -> None:
    assert written_month(text) == at("2017-04-01")
    assert written_month("1 April 2017") is None


@pytest.mark.parametrize(
    ("text", "order", "local"),
    [
        ("2017-05-01T08:30:00Z", None, "2017-05-01 09:30"),  # summer time
        ("2017-01-05T08:30:00.000Z", None, "2017-01-05 08:30"),
        ("2017-04-30T23:00:00Z", None, "2017-05-01"),  # midnight here
        ("2017-05-01T09:30:00+01:00", None, "2017-05-01 09:30"),
        ("2017-05-01 09:30+0100", None, "2017-05-01 09:30"),
        ("2017-05-01 04:30:00 -04", None, "2017-05-01 09:30"),
        ("01-MAY-17 09.30.00.000000 AM +01:00", None, "2017-05-01 09:30"),
        ("01/05/2017 08:30 UTC", "day_first", "2017-05-01 09:30"),
    ],
)
def test_a_time_with_its_distance_from_utc_is_turned_into_local_time(text: str, order: DateOrder, local: str) -> None:
    found = written_date(text, order, None)
    assert found is not None
    assert (found.moment, found.timed, found.utc is not None) == (at(local), True, True)


def test_an_offset_says_which_of_two_autumn_hours_is_meant() -> None:
    first, second = (written_date(f"2017-10-29T01:30:00+0{n}:00", None, None) for n in (1, 0))
    assert first is not None
    assert second is not None
    assert first.moment == second.moment
    assert (first.utc, second.utc) == (at("2017-10-29 00:30+00:00"), at("2017-10-29 01:30+00:00"))


@pytest.mark.parametrize("text", ["2017-05-01Z", "2017-05-01+01:00", "01/05/2017 09:30 BST", "09:30Z"])
def test_an_offset_without_a_time_or_by_a_name_is_not_guessed(text: str) -> None:
    assert written_date(text, "day_first", None) is None


@pytest.mark.parametrize("text", ["2017-05-01T25:30:00Z", "2017-05-01T09:30:00+99:00"])
def test_an_impossible_time_or_offset_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        written_date(text, None, None)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("excel", "42856", "2017-05-01"), ("Excel", "42856.395833333336", "2017-05-01 09:30"),
        ("excel 1904", "41394", "2017-05-01"), ("excel", "2017-05-01", "2017-05-01"),
        ("excel", "1 May 2017", "2017-05-01"),
    ],
)  # fmt: skip
def test_numbers_of_days(form: str, text: str, expected: str) -> None:
    found = written_date(text, None, DateFormat.parse(form))
    assert found is not None
    assert (found.moment, found.timed) == (at(expected), " " in expected)


@pytest.mark.parametrize(
    ("form", "text"), [("excel", "60"), ("excel", "20170501"), ("excel", "01/05/2017"), ("dd/mm/yyyy", "42856")]
)
def test_other_numbers_are_no_days(form: str, text: str) -> None:
    assert written_date(text, None, DateFormat.parse(form)) is None
