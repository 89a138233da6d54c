"""The interview measures beyond the worked cases of definitions 3.18, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.measures.interview_funnel import FUNNEL
from perfpipe.measures.interviews_done import median, nine_tenths
from perfpipe.measures.missing_episodes import MISSING_BRIDGE
from tests.datasets.rules.cases import judged
from tests.interview_worlds import INTERVIEW_MEASURES, Figures, Period, missing

MAY = "2018-05"
OFFER = {"offered": "Y", "outcome": "accepted"}
BACK = {"returned_at": "02/05/2018 10:00"}


def in_may(*records: dict[str, object], days: int = 36) -> Figures:
    """The figures of May from one extract made so many days after its end."""
    return Figures({MAY: records}, [MAY], days)


def interview(at: str, **values: object) -> dict[str, object]:
    return {**OFFER, "interview_at": at, **values}


def test_children_with_three_episodes_that_start_in_the_ninety_days_to_the_month_end() -> None:
    def away(n: int, child: str, start: str, **values: object) -> dict[str, object]:
        return missing(n, child_id=child, missing_from=start, returned_at=f"{start[:10]} 23:59", **values)

    rows = [
        *(away(n, "A", day) for n, day in enumerate(("03/03/2018 00:00", "05/04/2018 12:00", "31/05/2018 23:50"))),
        *(away(10 + n, "B", day) for n, day in enumerate(("02/03/2018 23:59", "05/04/2018 12:00", "31/05/2018 12:00"))),
        *(away(20 + n, "C", day) for n, day in enumerate(("04/03/2018 10:00", "05/04/2018 12:00"))),
        away(23, "C", "06/04/2018 12:00", category="A"),
        away(24, "C", "07/04/2018 12:00", responsible_la="Otherton"),
        *(away(30 + n, "D", f"0{n}/05/2018 12:00", looked_after_flag="Y" if n == 1 else "N") for n in (1, 2, 3, 4)),
    ]
    found = Figures({MAY: rows}, [MAY])
    assert found.number("RHI-02", MAY) == 2  # A: three; B: one is a day too early; D: four
    assert [found.number("RHI-02", MAY, group) for group in ("yes", "no")] == [1, 1]  # D in both


@pytest.mark.slow
def test_of_interviews_done_those_within_72_hours_at_28_days() -> None:
    rows = [
        missing(1, **BACK, **interview("05/05/2018 10:00")),
        missing(2, **BACK, **interview("05/05/2018 10:01")),
        missing(3, **BACK, **interview("30/05/2018 10:00", outcome="pending")),
        missing(4, **BACK, offered="Y", outcome="declined_child"),
        missing(5, returned_at="09/05/2018 12:01", **interview("10/05/2018 10:00")),
    ]
    found = in_may(*rows, days=6)  # made on 6 June at noon UTC, 13:00 here: since 9 May 13:00 are 28 days
    assert found.ratio("RHI-07", MAY) == (2, 4)
    rows[4]["returned_at"] = "09/05/2018 13:01"
    found = in_may(*rows, days=6)
    assert found.ratio("RHI-07", MAY) == (1, 3)
    assert found.value("RHI-07", MAY)["provisional"]
    assert found.ratio("RHI-06", MAY) == (2, 5)


def test_an_offer_counts_as_in_time_within_72_hours_by_the_clock_or_three_days_by_date() -> None:
    offers = {
        "05/05/2018 10:00": 1, "05/05/2018 10:01": 0, "05/05/2018": 1, "06/05/2018": 0, "": 0, "02/05/2018 09:00": 1,
    }  # fmt: skip
    rows = [missing(n, **BACK, **OFFER, offered_at=at) for n, at in enumerate(offers)]
    rows += [
        missing(10, **BACK, offered="N", offered_at="03/05/2018 10:00"),
        missing(11, **BACK, offered_at="03/05/2018"),
    ]
    found = in_may(*rows)
    assert found.ratio("RHI-08", MAY) == (sum(offers.values()), 8)
    assert found.ratio("RHI-03", MAY) == (6, 8)


@pytest.mark.parametrize(
    ("month", "returned", "day", "within"),
    [
        ("2018-03", "23/03/2018 23:30", "27/03/2018", 0),  # four days, though 71.5 hours to its first minute
        ("2017-10", "28/10/2017 00:30", "31/10/2017", 1),  # three days, though 72.5 hours
    ],
)
def test_an_interview_or_offer_by_date_is_timed_in_days_when_the_clocks_change(
    month: str, returned: str, day: str, within: int
) -> None:
    row = missing(1, missing_from="20/10/2017 10:00", returned_at=returned, offered_at=day, **interview(day))
    found = Figures({month: [row]}, [month])
    assert (found.ratio("RHI-06", month), found.ratio("RHI-08", month)) == ((within, 1), (within, 1))


def test_an_offer_before_the_child_went_missing_says_nothing_about_time() -> None:
    rows = [missing(1, **BACK, **OFFER, offered_at="01/05/2018 23:00", missing_from="02/05/2018 01:00"),
            missing(2, **BACK, **OFFER, offered_at="02/05/2018 01:00", missing_from="02/05/2018 01:00")]  # fmt: skip
    found = in_may(*rows)
    assert (found.ratio("RHI-08", MAY), found.ratio("RHI-03", MAY)) == ((1, 1), (2, 2))


def test_an_extract_without_times_of_offers_or_independence_has_no_such_figure() -> None:
    rows = [{name: at for name, at in missing(1, **BACK, **OFFER).items() if name != "offered_at"}]
    found = in_may(*rows)
    for code, column in (("RHI-08", "offered_at"), ("RHI-10", "independent")):
        figure = found.value(code, MAY)
        assert (figure["state"], figure["state_reason"]) == ("not_available", f"the extract has no {column}")


def test_a_month_of_nothing_but_exempt_returns_awaits_nothing() -> None:
    found = in_may(missing(1, **BACK, rhi_required="N", not_required_reason="died"))
    assert found.value("RHI-03", MAY)["state"] == "not_applicable"


def test_with_away_episodes_an_interview_done_late_is_not_within_72_hours() -> None:
    away = missing(2, **BACK, category="A", **interview("05/05/2018 10:00"))
    found = in_may(missing(1, **BACK, **interview("20/05/2018 10:00")), away)
    assert (found.ratio("RHI-06a", MAY), found.ratio("RHI-06", MAY)) == ((1, 2), (0, 1))


def test_an_interview_within_the_hour_counts_its_minutes() -> None:
    assert in_may(missing(1, **BACK, **interview("02/05/2018 10:30"))).value("RHI-09", MAY)["value"] == 0.5


def test_returns_are_shown_by_where_the_child_lives() -> None:
    homes = ("IN", "OUT", "OUT", "")
    found = in_may(*(missing(n, **BACK, placed_or_living_in_la=home) for n, home in enumerate(homes)))
    shown = {group: found.number("RHI-01", MAY, group) for group in ("in", "out")}
    assert shown == {"in": 1, "out": 2}


@pytest.mark.slow
def test_median_hours_leaves_out_dates_and_counts_an_interview_before_the_return_as_at_once() -> None:
    rows = [
        missing(1, **BACK, **interview("03/05/2018 10:00")),  # 24 hours
        missing(2, **BACK, **interview("04/05/2018 11:00")),  # 49
        missing(3, returned_at="02/05/2018 20:00", found_at="02/05/2018 10:00", **interview("02/05/2018 15:00")),  # 0
        missing(4, **BACK, **interview("20/05/2018")),  # no time
        missing(5, returned_at="02/05/2018", **interview("20/05/2018 10:00")),  # no time
        missing(6, **BACK, **interview("02/05/2018 09:00")),  # before the child was found: an impossible time
        missing(7, **BACK, **OFFER),
    ]
    found = in_may(*rows)
    figure = found.value("RHI-09", MAY)
    assert (figure["value"], figure["denominator"], figure["unit"]) == (24, 3, "hours")
    assert found.number("RHI-09d", MAY) == 2
    assert found.ratio("RHI-05", MAY) == (6, 7)
    tenth = found.value("RHI-09p", MAY)
    assert (tenth["state"], tenth["state_reason"]) == ("not_applicable", "fewer than 10 interviews with a time")
    assert in_may(rows[6]).value("RHI-09", MAY)["state_reason"] == "nothing to count"


def test_hours_are_those_that_passed_when_the_clocks_change() -> None:
    row = missing(1, returned_at="25/03/2018 00:30", **interview("25/03/2018 03:30"))
    found = Figures({"2018-04": [row]}, ["2018-03"])
    assert found.number("RHI-09", "2018-03") == 2


def test_quantiles_by_hand() -> None:
    import numpy as np

    hours = np.array([10.0, 1, 2, 3, 4, 5, 6, 7, 8, 30])
    children = np.arange(10).astype(object)
    assert median(hours, children).value == 5.5
    assert nine_tenths(hours, children).value == pytest.approx(12)  # place 8.1 of 0 to 9: 10 + 0.1 x 20
    assert np.isnan(nine_tenths(hours[:9], children[:9]).value)


def test_a_blank_is_not_independent_and_stays_in() -> None:
    rows = [
        missing(n, **BACK, **interview("03/05/2018 10:00", independent=who)) for n, who in enumerate(("Y", "N", ""))
    ]
    rows.append(missing(9, **BACK, **OFFER, independent="Y"))
    assert in_may(*rows).ratio("RHI-10", MAY) == (1, 3)


@pytest.mark.slow
def test_away_beside_missing_and_hosted_apart() -> None:
    rows = [
        missing(1, **BACK, **interview("03/05/2018 10:00")),
        missing(2, **BACK, **interview("03/05/2018 10:00"), category="A"),
        missing(3, **BACK, category="A"),
        missing(4, **BACK, **interview("03/05/2018 10:00"), responsible_la="Otherton"),
        missing(5, **BACK, category="A", responsible_la="Otherton"),
    ]
    found = in_may(*rows)
    assert (found.ratio("RHI-06", MAY), found.ratio("RHI-06a", MAY)) == ((1, 1), (2, 3))
    assert [found.number(code, MAY) for code in ("RHI-01", "RHI-01a", "RHI-01h")] == [1, 2, 1]


def test_the_share_judged_by_date_is_of_the_headlines_returns() -> None:
    rows = [
        missing(1, **BACK, **interview("03/05/2018")),
        missing(2, returned_at="02/05/2018 00:00", missing_from="01/05/2018 10:00", **interview("09/05/2018 10:00")),
        missing(3, **BACK, **interview("03/05/2018 10:00")),
        missing(4, returned_at="02/05/2018"),
        missing(5, **BACK, **interview("01/05/2018"), missing_from="01/05/2018 10:00"),  # before the child was found
    ]
    found = in_may(*rows)
    assert found.ratio("RHI-06d", MAY) == (2, 4)
    assert found.ratio("RHI-06", MAY)[1] == 4


@pytest.mark.parametrize(
    ("returned", "due"),
    [("31/05/2018 13:00", 1), ("31/05/2018 13:01", 0), ("31/05/2018", 0), ("30/05/2018", 1)],
)
def test_of_a_return_without_a_time_the_third_day_must_have_passed(returned: str, due: int) -> None:
    found = in_may(missing(1, returned_at=returned), missing(2, **BACK), days=3)  # 3 June, 13:00 in London
    assert found.ratio("RHI-06", MAY)[1] == 1 + due
    assert found.number("funnel_not_yet_due", MAY) == 1 - due


def test_completion_by_date_waits_for_the_28th_day_to_pass() -> None:
    found = in_may(missing(1, returned_at="06/05/2018"), missing(2, returned_at="05/05/2018"), days=3)
    assert found.ratio("RHI-05", MAY)[1] == 1  # 3 June is the 28th day after 6 May


def test_overdue_is_what_nobody_did_or_declined() -> None:
    outcomes = {
        "": 1,
        "pending": 1,
        "accepted": 1,
        "unable": 1,
        "missing_again": 1,
        "declined_child": 0,
        "declined_parent": 0,
    }
    rows = [missing(n, **BACK, offered="Y", outcome=outcome) for n, outcome in enumerate(outcomes)]
    rows += [
        missing(20, **BACK, **interview("20/05/2018 10:00")),
        missing(21, **BACK, rhi_required="N", not_required_reason="died"),
        missing(22, **BACK, rhi_required="N", not_required_reason="other"),
        missing(23),
    ]
    assert in_may(*rows).number("RHI-11b", MAY) == sum(outcomes.values()) + 1


def test_the_backlog_is_all_that_is_overdue_of_12_months() -> None:
    rows = [
        missing(1, missing_from="01/04/2018 10:00", returned_at="02/04/2018 10:00"),  # of another month
        missing(2, **BACK),
        missing(3, **BACK, outcome="declined_child"),
        missing(4, **BACK, **interview("20/05/2018 10:00")),
        missing(5, missing_from="29/05/2018 10:00", returned_at="31/05/2018 23:00"),  # not yet 72 hours
    ]
    found = in_may(*rows, days=1)
    assert found.number("RHI-11b", MAY) == 1
    assert found.number("RHI-11d", MAY) == 2


def test_still_missing_at_the_end_of_the_months_last_day() -> None:
    rows = [
        missing(1, missing_from="31/05/2018 23:59"),
        missing(2, missing_from="01/06/2018 00:00"),
        missing(3, missing_from="01/05/2018 10:00", returned_at="31/05/2018 23:59"),
        missing(4, missing_from="01/05/2018 10:00", returned_at="01/06/2018 00:00"),
        missing(5, missing_from="01/05/2018 10:00", found_at="30/05/2018 10:00"),
        missing(6, missing_from="01/05/2018 10:00", category="A"),
        missing(7, missing_from="01/05/2018 10:00", responsible_la="Otherton", looked_after_flag="Y"),
        missing(8, missing_from="01/05/2018 10:00", looked_after_flag="Y"),
    ]
    found = in_may(*rows)
    assert found.number("RHI-11a", MAY) == 3  # 1, 4 and 8
    assert [found.number("RHI-11a", MAY, group) for group in ("yes", "out")] == [1, 0]


FUNNEL_ROWS = [
    missing(1, **BACK, **interview("03/05/2018 10:00"), child_id="A"),
    missing(2, **BACK, **interview("09/05/2018 10:00"), child_id="A"),
    missing(3, **BACK, **interview("02/05/2018 09:00")),  # before the child was found
    missing(4, **BACK, **interview("08/07/2018 09:00")),  # after the extract of 6 July
    missing(5, **BACK, offered="Y", outcome="declined_child"),
    missing(6, **BACK, offered="Y", outcome="declined_parent"),
    missing(7, **BACK, offered="Y", outcome="unable"),
    missing(8, **BACK, offered="Y", outcome="missing_again"),
    missing(9, **BACK, offered="Y", outcome="pending"),
    missing(10, **BACK, offered="Y"),
    missing(11, **BACK, offered="N"),
    missing(12, **BACK, offered="NA"),
    missing(13, **BACK, child_id="A"),
    missing(14, **BACK, rhi_required="N", not_required_reason="aged_18", offered="NA"),
    missing(15, **BACK, rhi_required="N", not_required_reason="not_our_child", looked_after_flag="Y"),
    missing(16, **BACK, rhi_required="N", not_required_reason="other"),
    missing(17, missing_from="03/05/2018 10:00", returned_at="02/05/2018 10:00"),
    missing(18, missing_from="02/05/2018 10:00"),  # still missing
    missing(19, found_at="02/05/2018 10:00", offered="N"),  # found is returned
    missing(20, missing_from="30/04/2018 10:00", returned_at="30/04/2018 23:59"),
]
STEPS = {
    "returned": 18, "impossible": 1, "not_required": 2, "eligible": 15, "not_yet_due": 0, "due": 15, "offered": 10,
    "not_offered": 3, "offer_not_recorded": 2, "accepted": 4, "declined_child": 1, "declined_parent": 1,
    "other_outcome": 4, "completed": 3, "within_72h": 1, "late": 1, "mistimed": 1, "not_completed": 12,
    "children_returned": 16, "children_due": 13, "children_completed": 2, "children_within_72h": 1,
}  # fmt: skip


@pytest.mark.slow
def test_every_step_of_the_funnel_by_hand() -> None:
    found = in_may(*FUNNEL_ROWS)
    assert {step: found.number(f"funnel_{step}", MAY) for step in STEPS} == STEPS
    reasons = ("aged_18", "died", "not_our_child", "recorded_in_error", "not_missing")
    assert [found.number("funnel_not_required", MAY, reason) for reason in reasons] == [1, 0, 1, 0, 0]
    assert found.number("funnel_not_required", MAY, "yes") == 1
    assert found.ratio("RHI-06", MAY) == (1, 13)  # due less the two whose interview has an impossible time


def test_in_time_and_late_are_told_apart_where_they_are_not_as_many() -> None:
    times = ("03/05/2018 10:00", "05/05/2018 10:00", "05/05/2018 10:01")
    found = in_may(*(missing(n, **BACK, **interview(at)) for n, at in enumerate(times)))
    assert (found.number("funnel_within_72h", MAY), found.number("funnel_late", MAY)) == (2, 1)


def test_accepted_is_of_offers_that_are_due() -> None:
    rows = [
        missing(1, **BACK, **OFFER),
        missing(2, **BACK, offered="Y", outcome="declined_child"),
        missing(3, **BACK, offered="N"),
        missing(4, returned_at="31/05/2018 14:00", **OFFER),  # not yet due on 3 June
    ]
    assert in_may(*rows, days=3).ratio("RHI-04", MAY) == (1, 2)


def test_of_the_newest_month_what_is_not_yet_due_is_a_step_of_its_own() -> None:
    rows = [missing(1, returned_at="31/05/2018 14:00", **interview("01/06/2018 10:00")), missing(2, **BACK)]
    found = in_may(*rows, days=3)
    assert [found.number(f"funnel_{step}", MAY) for step in ("eligible", "not_yet_due", "due", "completed")] == [
        2,
        1,
        1,
        0,
    ]


def test_the_funnel_of_the_year_to_date_sums_its_months_and_counts_children_once() -> None:
    rows = [
        missing(1, child_id="A", **BACK),
        missing(2, child_id="A", returned_at="02/04/2018 10:00"),
        missing(3, child_id="A", returned_at="02/03/2018 10:00"),
    ]
    found = Figures({MAY: rows}, [MAY])
    assert found.number("funnel_due", MAY, period=Period.YEAR_TO_DATE) == 2
    assert found.number("funnel_children_due", MAY, period=Period.YEAR_TO_DATE) == 1
    assert found.number("funnel_due", MAY, period=Period.ROLLING_12) == 3


@pytest.mark.slow
def test_the_bridge_by_hand() -> None:
    april = [
        missing(1, missing_from="01/04/2018 10:00"),
        missing(2, missing_from="01/04/2018 10:00"),
        missing(3, missing_from="01/04/2018 10:00", looked_after_flag="Y"),
    ]
    may = [
        missing(1, missing_from="01/04/2018 10:00", returned_at="05/05/2018 10:00"),
        missing(
            2, missing_from="01/04/2018 10:00", returned_at="28/04/2018 10:00"
        ),  # keyed late: was not open after all
        missing(3, missing_from="01/04/2018 10:00", looked_after_flag="N"),  # corrected
        missing(4, missing_from="02/04/2018 10:00", looked_after_flag="N"),  # keyed late: was open
        missing(5, missing_from="06/05/2018 10:00", returned_at="07/05/2018 10:00"),
        missing(6, missing_from="31/05/2018 10:00", found_at="01/06/2018 10:00"),
        missing(7, missing_from="06/05/2018 10:00", category="A"),
    ]
    found = Figures({"2018-04": april, MAY: may}, ["2018-04", MAY], days=10, reach=1)
    steps = ("missing_before", "started", "returned", "late_and_corrected", "still_missing")
    assert [found.number(f"bridge_{step}", MAY) for step in steps] == [3, 2, 2, 0, 3]
    assert [found.number(f"bridge_{step}", MAY, "yes") for step in steps] == [1, 0, 0, -1, 0]
    assert [found.number(f"bridge_{step}", MAY, "no") for step in steps] == [0, 0, 0, 2, 2]
    assert found.number("RHI-11a", MAY) == 3


def test_the_bridge_at_the_days_on_which_a_month_begins_and_ends() -> None:
    since = {"missing_from": "01/04/2018 10:00"}
    eve, back_on_the_eve = (
        missing(1, missing_from="30/04/2018 23:50"),
        missing(2, **since, returned_at="30/04/2018 23:00"),
    )
    first = missing(3, **since, returned_at="01/05/2018 08:00")
    april = [eve, back_on_the_eve, first, missing(4, **since), missing(5, **since)]
    may = [
        eve, back_on_the_eve, first,
        missing(4, **since, returned_at="31/05/2018 22:00"),
        missing(5, **since, returned_at="01/06/2018 08:00"),
        missing(6, missing_from="01/05/2018 09:00"),
    ]  # fmt: skip
    found = Figures({"2018-04": april, MAY: may}, ["2018-04", MAY], days=10, reach=1)
    steps = ("missing_before", "started", "returned", "late_and_corrected", "still_missing")
    assert [found.number(f"bridge_{step}", MAY) for step in steps] == [4, 1, 2, 0, 3]


def test_the_bridge_needs_the_extract_before() -> None:
    found = Figures({MAY: [missing(1)]}, [MAY])
    assert found.number("bridge_missing_before", MAY) == 0  # May's extract speaks for April, too
    alone = Figures({MAY: [missing(1)]}, ["2017-06"])
    assert alone.value("bridge_still_missing", "2017-06")["state_reason"] == "history missing: 2017-05"


def test_what_is_left_out_of_the_return_measures_is_left_out_of_all_with_a_page() -> None:
    pages = {m.id for m in INTERVIEW_MEASURES if m.basis.month_of == "returned" and m.shown.table is None}
    wrong = {m.id for m in INTERVIEW_MEASURES if m.leaves_out(RETURN_HOME_INTERVIEWS.id, "return_time_wrong")}
    assert wrong == pages


@pytest.mark.parametrize("table", [FUNNEL, MISSING_BRIDGE], ids=lambda table: table.id)
def test_tables_add_up_of_their_own_measures(table: object) -> None:
    assert table in (FUNNEL, MISSING_BRIDGE)
    own = {measure.id for measure in INTERVIEW_MEASURES if measure.shown.table is table}
    named = {name.lstrip("-") for total, parts in table.adds_up for name in (total, *parts)}  # type: ignore[attr-defined]
    assert named == {name for name in own if "children" not in name}


@pytest.mark.slow
@pytest.mark.parametrize("offered", ["Y", "N", "NA", ""])
@pytest.mark.parametrize("outcome", ["accepted", "declined_child", "pending", ""])
def test_an_interview_that_breaks_the_product_of_rates_is_a_fault(offered: str, outcome: str) -> None:
    """RHI-06 = RHI-03 x RHI-04 x completed of accepted x RHI-07 where each interview was offered and accepted."""
    row = missing(1, **BACK, **interview("03/05/2018 10:00", offered=offered, outcome=outcome))
    found = in_may(row)
    share = [found.value(code, MAY)["value"] for code in ("RHI-03", "RHI-04", "RHI-07")]
    accepted = found.number("funnel_accepted", MAY)
    product = share[0] * share[1] * share[2] * (1 / accepted) if accepted else 0.0
    holds = product == found.value("RHI-06", MAY)["value"]
    told = {
        fault.rule for fault in judged("return_home_interviews", [row], pd.Timestamp("2018-07-06", tz="UTC")).faults
    }
    rules = {"offered_blank", "outcome_without_offer", "interview_without_offer", "interview_not_accepted"}
    assert holds == (not told & rules)
