"""Which way is good, stated a second time by hand: a flipped polarity turns every verdict of a measure round."""

from __future__ import annotations

from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Polarity

LOW = """
    missing_often missing_at_month_end rhi_judged_by_date rhi_median_hours rhi_slowest_tenth_hours rhi_hours_not_known
    rhi_overdue rhi_backlog funnel_offer_not_recorded in_childrens_homes children_in_childrens_homes
    three_or_more_placements
    far_from_home outside_boundary unplanned_endings provider_not_known postcode_not_known change_reason_not_known
    turnover_12_months leavers turnover_headcount_12_months turnover_hr_basis came_and_went_12_months vacancy_rate
    agency_rate sickness_rate average_caseload over_caseload_ceiling assessments_no_further_action
    adopters_waited_3_months retained_by_a_move_alone
""".split()  # noqa: SIM905
HIGH = """
    rhi_within_72h rhi_within_72h_with_away rhi_offered rhi_offered_within_72h rhi_accepted rhi_completed
    rhi_completed_within_72h rhi_independent in_foster_care with_own_carers with_own_or_connected_carers
    long_term_stability retained_6_months retained_12_months retained_24_months retention_estimate_6_months
    retention_estimate_12_months retention_estimate_24_months stability_index assessments_within_45_days
    assessments_within_45_days_of_start assessments_due_in_time children_seen_in_assessment audits_good
    reaudits_improved plans_with_risk_statement risk_work_good chronologies_good assessments_good plans_good
    adopters_stage_1_in_time adopters_stage_2_in_time adopters_approved_within_6_months
""".split()  # noqa: SIM905
IN_A_RANGE = ["children_looked_after", "children_looked_after_rate"]


def of_polarity(polarity: Polarity) -> list[str]:
    return sorted(measure.id for measure in MEASURES if measure.shown.polarity is polarity)


def test_low_is_good() -> None:
    assert of_polarity(Polarity.LOWER_IS_BETTER) == sorted(LOW)


def test_high_is_good() -> None:
    assert of_polarity(Polarity.HIGHER_IS_BETTER) == sorted(HIGH)


def test_a_range_is_best() -> None:
    assert of_polarity(Polarity.RANGE_IS_BEST) == sorted(IN_A_RANGE)
