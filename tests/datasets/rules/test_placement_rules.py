"""Every rule about episodes of care: broken, and only just kept. Records differ from an open U6 from 01/05/2017."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import LATE, Case, Changes, assert_case, checks_of, judged

PLACE, NEED = "placements", {"need_code": "N1"}


def ended(day: str, reason: str = "X1", **changes: object) -> Changes:
    return {"ceased_on": day, "cease_reason_code": reason} | changes


def then(day: str, reason: str = "P", **changes: object) -> Changes:
    return {"started_on": day, "new_episode_reason_code": reason} | changes


def placed(code: str, **changes: object) -> Changes:
    """A placement with the provider that it may have."""
    temporary = code.startswith(("T", "Z"))
    return {"placement_code": code, "provider_code": "" if temporary else "PR4"} | changes


def aged(code: str, start: str, born: str) -> list[Changes]:
    return [placed(code, started_on=start, dob=born)]


A, B = {"placement_postcode": "CV1 1AA"}, {"placement_postcode": "CV2 2BB"}
JUNE = ended("01/06/2017")
CASES = {
    "ceased_before_started": Case([ended("30/04/2017")], [[ended("01/05/2017")]]),
    "ceased_on_its_first_day": Case([ended("01/05/2017")], [[ended("02/05/2017")], [{}]]),
    "birth_date_blank": Case(
        [{"child_id": "C2", "dob": ""}, {"dob": "01/05/2010"}],
        [[{"dob": "01/05/2010"}, {"child_id": "C2", "dob": "01/05/2012"}], [{"dob": ""}]],
    ),
    "started_before_birth": Case([{"dob": "02/05/2017"}], [[{"dob": "01/05/2017"}], [{"dob": ""}]]),
    "started_after_extract": Case([{"started_on": "01/08/2017"}], [[{"started_on": "31/07/2017"}]]),
    "born_after_extract": Case([{"dob": "01/08/2017"}], [[{"dob": "01/05/2017"}], [{"dob": ""}]]),
    "ceased_after_extract": Case([ended("01/08/2017")], [[ended("31/07/2017")]]),
    "aged_18_or_over": Case(
        [{"dob": "31/07/1999"}], [[{"dob": "01/08/1999"}], [ended("30/06/2017", dob="31/07/1999")]]
    ),
    "new_episode_reason_blank": Case(
        [{}, then("01/05/2017", "", child_id="C2")],
        [[then("01/05/2017", ""), then("01/05/2017", "", child_id="C2")]],  # the source has no such column
        rows=[3],
    ),
    "placement_code_outside_dates": Case(
        [placed("Z11", **ended("31/03/2025"))], [[placed("Z11", **ended("01/04/2025"))]], as_at=LATE
    ),
    "cease_reason_outside_dates": Case(
        [ended("01/04/2018", "E43"), ended("31/03/2018", "E45", child_id="C2")],
        [[ended("31/03/2018", "E43")], [ended("01/04/2018", "E45")], [ended("01/04/2018", "E4A")]],
        rows=[2, 3],
        as_at=LATE,
    ),
    "change_reason_outside_dates": Case(
        [ended("31/03/2018", change_reason_code="CUSTOD")],
        [[ended("01/04/2018", change_reason_code="CUSTOD")]],
        as_at=LATE,
    ),
    "placement_code_blank": Case([{"placement_code": ""}], [[placed("T0")]]),
    "legal_status_blank": Case([{"legal_status_code": ""}], [[{"legal_status_code": "V4"}]]),
    "need_blank": Case([NEED, {"child_id": "C2"}], [[NEED], [{}]], rows=[3]),
    "provider_blank": Case([{"provider_code": ""}], [[placed("T3")], [placed("Z1")]]),
    "provider_of_temporary_placement": Case(
        [placed("T1", provider_code="PR1")], [[placed("T1")], [placed("Z1", provider_code="PR1")]]
    ),
    "provider_cannot_run_placement": Case(
        [
            placed("U6", provider_code="PR0"),
            placed("R5", provider_code="PR1", child_id="2"),
            placed("R2", provider_code="PR2", child_id="3"),
            placed("K2", provider_code="PR3", child_id="4"),
            placed("P1", provider_code="PR4", child_id="5"),
            placed("P1", provider_code="PR5", child_id="6"),
        ],
        [
            [placed("P1", provider_code="PR0")],
            [placed("K2", provider_code="PR1")],
            [placed("U6", provider_code="PR2")],
            [placed("R2", provider_code="PR3")],
            [placed("R5", provider_code="PR4")],
            [placed("U1", provider_code="PR5")],
            [placed("T0")],
        ],
        rows=[2, 3, 4, 5, 6, 7],
    ),
    "own_provision_outside_area": Case(
        [placed("K2", provider_code="PR1", location="OUT")],
        [
            [placed("K2", provider_code="PR1", location="IN")],
            [placed("U6", provider_code="PR1", location="OUT")],
            [placed("K2", provider_code="PR4", location="OUT")],
            [placed("K2", provider_code="PR1", location="OUT", legal_status_code="V3")],
        ],
    ),
    "ceased_without_reason": Case([ended("01/06/2017", "")], [[JUNE], [{}]]),
    "reason_without_end": Case([ended("", "X1")], [[JUNE], [{}]]),
    "short_break_too_long": Case(
        [ended("19/05/2017", "E8", legal_status_code="V3"), {"child_id": "2", "legal_status_code": "V3"}],
        [[ended("18/05/2017", "E8", legal_status_code="V3")], [ended("19/05/2017", "E8", legal_status_code="V4")]],
        rows=[2, 3],  # 18 days, and open since May
    ),
    "short_break_in_temporary_placement": Case(
        [placed("T0", legal_status_code="V4")], [[placed("T0")], [{"legal_status_code": "V4"}]]
    ),
    "hospital_too_long": Case([placed("T1", **ended("13/06/2017"))], [[placed("T1", **ended("12/06/2017"))]]),
    "carers_holiday_too_long": Case([placed("T3", **ended("23/05/2017"))], [[placed("T3", **ended("22/05/2017"))]]),
    "other_temporary_too_long": Case([placed("T4", **ended("09/05/2017"))], [[placed("T4", **ended("08/05/2017"))]]),
    "period_starts_temporary": Case(
        [placed("T1")], [[placed("T1", new_episode_reason_code=x)] for x in ("P", "B", "")]
    ),
    "period_ends_temporary": Case(
        [placed("T1", **ended("08/05/2017", "E4A"))], [[placed("T1", **ended("08/05/2017"))], [placed("T1")]]
    ),
    "too_young_for_custody": Case(aged("R5", "31/05/2017", "01/06/2007"), [aged("R5", "01/06/2017", "01/06/2007")]),
    "too_young_for_residential_school": Case(
        aged("S1", "31/05/2017", "01/06/2013"), [aged("S1", "01/06/2017", "01/06/2013")]
    ),
    "too_young_for_employment": Case(aged("P3", "31/05/2017", "01/06/2003"), [aged("P3", "01/06/2017", "01/06/2003")]),
    "under_15_independent": Case(  # the last day of the old rule, and the first on which it holds no more
        aged("P2", "31/03/2023", "01/04/2008"),
        [aged("P2", "31/03/2023", "31/03/2008"), aged("P2", "01/04/2023", "02/04/2008")],
        as_at=LATE,
    ),
    "under_16_independent": Case(
        aged("P2", "01/04/2023", "02/04/2007"),
        [aged("P2", "01/04/2023", "01/04/2007"), aged("P2", "31/03/2023", "02/04/2007")],
        as_at=LATE,
    ),
    "under_14_semi_independent": Case(
        aged("H5", "31/03/2023", "01/04/2009"),
        [aged("H5", "31/03/2023", "31/03/2009"), aged("H5", "01/04/2023", "02/04/2009")],
        as_at=LATE,
    ),
    "under_16_supported": Case(
        [*aged("H5", "01/04/2023", "02/04/2007"), *aged("K3", "01/06/2024", "02/06/2008")],
        [
            aged("H5", "01/04/2023", "01/04/2007"),
            aged("H5", "31/03/2023", "02/04/2007"),
            aged("K3", "01/06/2024", "01/06/2008"),
            aged("U6", "01/04/2023", "02/04/2020"),
        ],
        rows=[2, 3],
        as_at=LATE,
    ),
    "home_postcode_invalid": Case(
        [{"home_postcode": "CV1 1A"}, {"child_id": "2", "home_postcode": "CV1 1OA"}],  # no inward part has an O
        [[{"home_postcode": x}] for x in ("CV1 1AB", "cv11ab", "SW1A 2AA", "")],
        rows=[2, 3],
    ),
    "placement_postcode_invalid": Case(
        [{"placement_postcode": "NOT KNOWN"}], [[{"placement_postcode": "M1 1AE"}], [{"placement_postcode": ""}]]
    ),
    "placed_at_home_address": Case(
        [A | {"home_postcode": "CV1 1AA"}],
        [[B | {"home_postcode": "CV1 1AA"}], [placed("P1", provider_code="PR0", home_postcode="CV1 1AA", **A)], [{}]],
    ),
    "distance_implausible": Case(
        [{"distance_miles": "350.1"}], [[{"distance_miles": "350"}], [{"distance_miles": "999.9"}]]
    ),
    "urn_blank": Case(
        [placed("H5", **ended("29/10/2023")), placed("U6", child_id="2", urn="SC1")],
        [
            [placed("H5", **ended("28/10/2023")), placed("U6", child_id="2", urn="SC1")],
            [placed("H5", **ended("29/10/2023"), urn="SC2")],
            [placed("H5", **ended("29/10/2023"))],
        ],
        as_at=LATE,
    ),
    "children_alike": Case(
        [{}, {"child_id": "C2"}, {"child_id": "C3"}],
        [
            [{}, {"child_id": "C2", "dob": "03/03/2004"}],
            [{}, {"child_id": "C2", "dob": ""}],
            [{}, {"child_id": "C2", "started_on": "02/01/2017"}],
            [{}, {"child_id": "C2", "legal_status_code": "E1"}],
            [{}, {"child_id": "C2", "placement_code": "K2"}],
        ],
        rows=[3, 4],
    ),
    "overlapping_episodes": Case(
        [ended("02/06/2017"), then("01/06/2017", placement_code="U4")],
        [[JUNE, then("01/06/2017")], [{}, then("01/06/2017", child_id="C2")]],
        rows=[3],
    ),
    "first_episode_not_s": Case(
        [JUNE, then("02/06/2017", child_id="C2")],
        [
            [JUNE, then("01/06/2017", child_id="C2")],  # the one before may have ended before the extract begins
            [then("02/06/2017", child_id="C2")],  # nothing has ended: a snapshot
            [JUNE, then("02/06/2017")],
            [JUNE, then("02/06/2017", "S", child_id="C2")],
        ],
        rows=[3],
    ),
    "start_follows_on": Case([JUNE, then("01/06/2017", "S")], [[JUNE, then("02/06/2017", "S")]], rows=[3]),
    "start_not_s": Case(
        [ended("01/06/2017", "E4A"), then("08/06/2017")],
        [[ended("01/06/2017", "E4A"), then("08/06/2017", "S")], [JUNE, then("01/06/2017")]],
        rows=[3],
    ),
    "does_not_follow_on": Case(
        [JUNE, then("02/06/2017")],
        [[JUNE, then("01/06/2017")], [JUNE, then("02/06/2017", "S")], [ended("01/06/2017", "E4A"), then("02/06/2017")]],
        rows=[3],
    ),
    "legal_change_not_shown": Case(
        [
            JUNE,
            then("01/06/2017", "L"),
            JUNE | {"child_id": "2"} | A,
            then("01/06/2017", "L", child_id="2", legal_status_code="C1", **B),
        ],
        [
            [JUNE, then("01/06/2017", "L", legal_status_code="C1")],
            [JUNE, then("01/06/2017", "L", legal_status_code="")],
        ],
        rows=[3, 5],
    ),
    "placement_change_not_shown": Case(
        [
            JUNE | A,
            then("01/06/2017", **A),
            JUNE | {"child_id": "2"},
            then("01/06/2017", "T", child_id="2", legal_status_code="C1"),
        ],
        [
            [JUNE | A, then("01/06/2017", **B)],
            [JUNE, then("01/06/2017")],
            [JUNE | A, then("01/06/2017", placement_code="U4", **A)],
        ],
        rows=[3, 5],
    ),
    "both_changes_not_shown": Case(
        [
            JUNE | A,
            then("01/06/2017", "B", legal_status_code="C1", **A),
            JUNE | A | {"child_id": "2"},
            then("01/06/2017", "U", child_id="2", **B),
        ],
        [[JUNE | A, then("01/06/2017", "B", legal_status_code="C1", **B)]],
        rows=[3, 5],
    ),
    "continues_without_next": Case(
        [JUNE, then("02/06/2017", "S"), then("05/07/2017", "S", child_id="2")],
        [[JUNE, then("01/06/2017")], [JUNE]],  # no start on or after the end: the next may lie beyond the extract
    ),
    "ceased_but_goes_on": Case(
        [ended("01/06/2017", "E4A"), then("01/06/2017", "S")],
        [[JUNE, then("01/06/2017")], [ended("01/06/2017", "E4A")]],
    ),
    "police_protection_too_long": Case(  # two days and two days in a row are four
        [
            ended("03/05/2017", legal_status_code="L1"),
            then("03/05/2017", **ended("05/05/2017", "E4A"), legal_status_code="L1"),
        ],
        [
            [
                ended("03/05/2017", legal_status_code="L1"),
                then("03/05/2017", **ended("04/05/2017", "E4A"), legal_status_code="L1"),
            ],
            [
                ended("03/05/2017", "E4A", legal_status_code="L1"),
                then("04/05/2017", "S", **ended("06/05/2017", "E4A"), legal_status_code="L1"),
            ],
        ],
        rows=[2, 3],
    ),
    "emergency_order_too_long": Case(
        [ended("23/05/2017", "E4A", legal_status_code="L2")], [[ended("22/05/2017", "E4A", legal_status_code="L2")]]
    ),
    "short_breaks_over_75_days": Case(  # 15 days a month: 75 by the fifth, 76 with one day more
        [
            then(
                f"01/0{n}/2017", "S", **ended("16/05/2017" if n == 5 else f"16/0{n}/2017", "E8"), legal_status_code="V3"
            )
            for n in range(1, 6)
        ]
        + [then("01/06/2017", "S", **ended("02/06/2017", "E8"), legal_status_code="V3")],
        [
            [then(f"01/0{n}/2017", "S", **ended(f"16/0{n}/2017", "E8"), legal_status_code="V3") for n in range(1, 6)],
            # the first break is out of the 12 months to the end of the last
            [then("01/05/2016", "S", **ended("16/05/2016", "E8"), legal_status_code="V3")]
            + [
                then(f"01/{n:02}/2017", "S", **ended(f"16/{n:02}/2017", "E8"), legal_status_code="V3")
                for n in range(2, 7)
            ],
        ],
        rows=[7],
    ),
    "short_breaks_of_both_kinds": Case(
        [ended("05/05/2017", "E8", legal_status_code="V3"), then("01/07/2017", "S", legal_status_code="V4")],
        [
            [
                then("01/03/2017", "S", **ended("31/03/2017", "E8"), legal_status_code="V3"),
                then("01/04/2017", "S", legal_status_code="V4"),
            ]
        ],
        rows=[2, 3],
    ),
    "third_carers_holiday": Case(
        [placed("T3", **then(f"0{n}/05/2017"), **ended(f"0{n + 1}/05/2017")) for n in (1, 3, 5)],
        [
            [
                placed("T3", **then(day), **ended(end))
                for day, end in (
                    ("01/05/2016", "02/05/2016"),
                    ("03/04/2017", "04/04/2017"),
                    ("01/05/2017", "02/05/2017"),
                )
            ],
            [placed("T3", **then(f"0{n}/05/2017"), **ended(f"0{n + 1}/05/2017")) for n in (1, 3)],
        ],
        rows=[4],
    ),
    "not_back_to_usual_placement": Case(
        [
            JUNE | A,
            placed("T3", **then("01/06/2017"), **ended("08/06/2017")),
            then("08/06/2017", placement_code="K2"),
            JUNE | A | {"child_id": "2"},
            placed("T3", **then("01/06/2017"), **ended("08/06/2017"), child_id="2"),
            then("08/06/2017", child_id="2", **B),
        ],
        [[JUNE | A, placed("T3", **then("01/06/2017"), **ended("08/06/2017")), then("08/06/2017", **A)]],
        rows=[4, 7],
    ),
    "need_changed": Case(
        [JUNE | NEED, then("01/06/2017", need_code="N2")],
        [
            [JUNE | NEED, then("01/06/2017", **NEED)],
            [ended("01/06/2017", "E4A", **NEED), then("08/06/2017", "S", need_code="N2")],
        ],
        rows=[3],
    ),
    "change_reason_blank": Case(
        [JUNE, then("01/06/2017", **ended("08/06/2017", change_reason_code="CARPL")), then("08/06/2017")],
        [
            [JUNE | {"change_reason_code": "CARPL"}, then("01/06/2017")],
            [JUNE, then("01/06/2017")],
            [
                JUNE | {"child_id": "2"},
                placed("T3", **then("01/06/2017"), child_id="2"),
                ended("01/06/2017", change_reason_code="OTHER"),
            ],
        ],
    ),
    "change_reason_not_needed": Case(
        [JUNE | {"change_reason_code": "CARPL"}, placed("T3", **then("01/06/2017"))],
        [[JUNE | {"change_reason_code": "CARPL"}, then("01/06/2017")]],
    ),
    "birth_dates_of_child_differ": Case(
        [JUNE, then("01/06/2017", dob="02/06/2005")],
        [[JUNE, then("01/06/2017")], [JUNE, then("01/06/2017", dob="")], [{}, {"child_id": "2", "dob": "02/06/2005"}]],
        rows=[2, 3],
    ),
}


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {check.rule.id for check in checks_of(PLACE)}


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged(PLACE, [{}], AS_AT).faults == []


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("check", checks_of(PLACE), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case(PLACE, check, CASES[check.rule.id])
