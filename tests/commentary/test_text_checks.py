"""What is found in the words of owners: ids, dates of birth, and small numbers of people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.commentary.identifiers import identifiers_in
from perfpipe.commentary.small_numbers import small_numbers_in

MARCH = date(2018, 3, 31)
KNOWN = frozenset({"c1042", "w-77", "48213", "0042"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Child C1042 was moved twice.", ["the id of a record", "letters and digits, as ids are"]),
        ("See 48213.", ["the id of a record"]),
        ("Worker W-77 left", ["the id of a record"]),
        ("Ref 4821377", ["a long number, as ids are"]),
        ("Case LCS-20931 is with the court", ["letters and digits, as ids are"]),
        ("NHS 943 476 5919", ["a telephone or NHS number"]),
        ("Ring 024 7683 1234", ["a telephone or NHS number"]),
        ("QQ 12 34 56 C", ["a National Insurance number"]),
        ("Ask a.b@example.gov.uk", ["an e-mail address"]),
        ("The girl (03/02/2009) is safe", ["a date in figures, which may be one of birth"]),
        ("2009-02-03", ["a date in figures, which may be one of birth"]),
        ("DOB known", ["words about a date of birth"]),
        ("a boy born in May 2004", ["words about a date of birth"]),
        ("since 3 February 2009", ["a day more than 24 months back, which may be one of birth"]),
        ("since February 3rd, 2009", ["a day more than 24 months back, which may be one of birth"]),
    ],
)  # fmt: skip
def test_what_may_identify_somebody_is_found(text: str, found: list[str]) -> None:
    assert list(identifiers_in(text, KNOWN, MARCH)) == found


@pytest.mark.parametrize(
    "text",
    [
        "Since May 2018, in 2017-18 and FY2018, the 2010s and 1,234,567 pounds.",
        "By 30 June 2018 all of them, from 1 April 2017; 72 hours; 0042 of R1-02; 62.5% (31 of 66).",
        "Unborn and newborn children are counted from birth.",
        "The court moved 12 hearings; 45.1234 per 10,000",
    ],
)
def test_plain_words_about_the_work_identify_nobody(text: str) -> None:
    assert list(identifiers_in(text, KNOWN, MARCH)) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Three girls went missing", (1,)),
        ("Of these, 3 were late", (3,)),
        ("It was 3 of 62", (3,)),
        ("one child", (1,)),
        ("One of the children is abroad; two looked-after teenage boys too", (1, 7)),
        ("the twins returned", (2,)),
        ("a 15-year-old girl", (1,)),
        ("Both children are safe and four had an interview", (1, 6)),
        ("４ families", (1,)),
        ("Late: 2", (2,)),
    ],
)
def test_small_numbers_of_people_are_found(text: str, places: tuple[int, ...]) -> None:
    assert small_numbers_in(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "Within 3 days, 2 weeks or four months; two teams, three times a year, 4 pm.",
        "Recommendation 4, action 3 and page 2 say so; from 1 April.",
        "One in four interviews is late. No one knows one way to do this.",
        "62% (31 of 66), 5 children, fifteen girls, 1,204 cases, 3.5 points, R1-02",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert small_numbers_in(text) == ()


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    list(identifiers_in(text, KNOWN, MARCH))
    small_numbers_in(text)
