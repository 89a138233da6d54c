"""Which defects take a row out of which measures: stated by each measure, and refused before data is read if not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from perfpipe.compute.group_counts import NumberedRows
from perfpipe.datasets import BY_ID, DATASETS
from perfpipe.measures import BY_ID as MEASURES_BY_ID
from perfpipe.measures import MEASURES
from perfpipe.measures.checks import problems_of
from perfpipe.rules.rule import UNUSABLE
from tests.measure_builders import changed

TIMED = {
    "rhi_within_72h", "rhi_within_72h_with_away", "rhi_completed_within_72h", "rhi_median_hours",
    "rhi_slowest_tenth_hours", "rhi_hours_not_known", "rhi_judged_by_date",
}  # fmt: skip
DONE = TIMED | {"rhi_completed", "rhi_independent"}
DUE = {"rhi_offered", "rhi_offered_within_72h", "rhi_accepted", "rhi_overdue", "rhi_backlog"}
LEAVING = {
    "retained_6_months", "retained_12_months", "retained_24_months", "retained_by_a_move_alone",
    "retention_estimate_6_months", "retention_estimate_12_months", "retention_estimate_24_months",
    "turnover_12_months", "turnover_headcount_12_months", "came_and_went_12_months", "turnover_hr_basis",
    "stability_index", "leavers",
}  # fmt: skip
BY_PLACEMENT = {
    "in_foster_care", "with_own_carers", "with_own_or_connected_carers", "with_connected_carers", "in_childrens_homes",
    "children_in_childrens_homes", "in_supported_accommodation", "children_in_supported_accommodation",
}  # fmt: skip
LEFT_OUT = {  # by dataset and defect the measures without the row; all others count it
    ("placements", "placement_code_unreadable"): BY_PLACEMENT,
    ("placements", "provider_unreadable"): {"with_own_carers", "with_own_or_connected_carers"},
    ("placements", "distance_unreadable"): {"far_from_home"},
    ("placements", "location_unreadable"): {"far_from_home", "outside_boundary"},
    ("placements", "unaccompanied_unreadable"): {"far_from_home", "unaccompanied_children"},
    ("placements", "change_reason_unreadable"): {"unplanned_endings"},
    ("return_home_interviews", "return_time_wrong"): DONE | DUE,
    ("return_home_interviews", "interview_need_unreadable"): DONE | DUE,
    ("return_home_interviews", "offer_unreadable"): {"rhi_offered", "rhi_offered_within_72h", "rhi_accepted"},
    ("return_home_interviews", "offer_time_unreadable"): {"rhi_offered_within_72h"},
    ("return_home_interviews", "interview_outcome_unreadable"): {"rhi_accepted", "rhi_overdue", "rhi_backlog"},
    ("return_home_interviews", "independence_unreadable"): {"rhi_independent"},
    ("return_home_interviews", "interview_in_future"): DONE,
    ("return_home_interviews", "interview_before_return"): TIMED,
    ("return_home_interviews", "offer_before_missing"): {"rhi_offered_within_72h"},
    ("social_workers", "fte_not_known"): {
        "turnover_12_months", "new_appointments_fte", "staff_in_post_fte", "vacancy_rate", "agency_rate",
        "sickness_rate", "average_caseload", "over_caseload_ceiling",
    },
    ("social_workers", "leaving_reason_unreadable"): LEAVING,
    ("workforce_monthly", "more_cover_than_agency"): {"agency_covering_vacancies"},
    ("workforce_monthly", "more_cover_than_vacancies"): {"vacancies_covered_by_agency"},
    ("assessments", "referral_date_wrong"): {"assessments_within_45_days", "assessments_due_in_time"},
    ("assessments", "referral_date_unreadable"): {"assessments_within_45_days", "assessments_due_in_time"},
    ("assessments", "child_seen_unreadable"): {"children_seen_in_assessment"},
    ("assessments", "assessment_outcome_unreadable"): {"assessments_no_further_action"},
    ("audits", "moderated_grade_unreadable"): {"audits_good", "reaudits_improved"},
    ("audits", "moderated_unreadable"): {"audits_moderated"},
    ("audits", "overall_grade_missing"): {"audits_good", "reaudits_improved"},
    ("audits", "earlier_grade_missing"): {"reaudits_improved"},
    ("adopters", "fast_track_unreadable"): {"adopters_stage_1_in_time", "adopters_stage_2_in_time"},
    ("adopters", "stage_1_dates_wrong"): {"adopters_stage_1_in_time"},
    ("adopters", "stage_2_dates_wrong"): {"adopters_stage_2_in_time"},
}  # fmt: skip


def test_every_defect_is_taken_up_by_measures_and_knowingly_ignored_by_all_others() -> None:
    marked = {(dataset.id, defect) for dataset in DATASETS for defect in dataset.defects}
    assert marked == set(LEFT_OUT)
    for (dataset, defect), measures in LEFT_OUT.items():
        assert {m.id for m in MEASURES if m.leaves_out(dataset, defect)} == measures
    assert [m.id for m in MEASURES if m.left_out_by is None] == []


def test_a_defect_has_one_meaning_and_one_name() -> None:
    defects = [defect for dataset in DATASETS for defect in dataset.defects.values()]
    assert len({defect.id for defect in defects}) == len({defect.meaning for defect in defects}) == len(defects)


def test_what_cannot_be_used_is_in_no_measure_of_its_dataset() -> None:
    for measure in MEASURES:
        assert measure.leaves_out(measure.basis.dataset.id, UNUSABLE.id)
    assert not MEASURES_BY_ID["rhi_offered"].leaves_out("placements", UNUSABLE.id)
    assert MEASURES_BY_ID["vacancy_rate"].leaves_out("workforce_monthly", UNUSABLE.id)  # beside its own dataset
    assert not MEASURES_BY_ID["vacancy_rate"].leaves_out("workforce_monthly", "more_cover_than_agency")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("return_time_wrng", "no defect 'return_time_wrng'; did you mean return_time_wrong? its rows can have"),
        ("fte_not_known", "no defect 'fte_not_known'; its rows can have interview_need_unreadable, offer_unreadable"),
        ("*", "no defect '*'; its rows can have"),
    ],
)
def test_an_unknown_defect_is_refused_with_the_measure_and_what_it_may_mean(name: str, said: str) -> None:
    offered = MEASURES_BY_ID["rhi_offered"]
    (problem,) = problems_of((replace(offered, left_out_by=(*(offered.left_out_by or ()), name)),))
    assert problem.partition(": ")[2].startswith("measure rhi_offered (RHI-03): left_out_by: ")
    assert said in problem


def test_a_measure_that_says_nothing_of_the_defects_of_its_rows_is_refused() -> None:
    offered = MEASURES_BY_ID["rhi_offered"]
    (problem,) = problems_of((replace(offered, left_out_by=None),))
    assert problem.partition(": ")[2].startswith("measure rhi_offered (RHI-03): left_out_by is not stated;")
    for defect in BY_ID["return_home_interviews"].defects.values():
        assert f"{defect.id} ({defect.meaning})" in problem
    children = MEASURES_BY_ID["children_looked_after"]
    assert problems_of((replace(children, left_out_by=()),)) == []  # nothing is a statement too


def test_a_measure_that_looks_at_a_column_says_what_becomes_of_a_cell_that_cannot_be_read() -> None:
    """One unreadable placement code of 22 would pass for a child who is placed elsewhere."""
    fostered, looked_after = MEASURES_BY_ID["in_foster_care"], MEASURES_BY_ID["children_looked_after"]
    (problem,) = problems_of((replace(fostered, left_out_by=()), looked_after))
    assert "it looks at placement_code: name 'placement_code_unreadable' in left_out_by, or in counted_all_" in problem
    counted = replace(fostered, left_out_by=(), counted_all_the_same=("placement_code_unreadable",))
    assert problems_of((counted, looked_after)) == []
    (problem,) = problems_of((replace(counted, counted_all_the_same=("placement_code_unreadable", "x")), looked_after))
    assert "counted_all_the_same: no defect 'x'" in problem


def test_a_dataset_beside_the_measures_own_has_defects_too() -> None:
    vacancies = replace(MEASURES_BY_ID["vacancy_rate"], left_out_by=("fte_not_known", "more_cover_than_vacancies"))
    assert problems_of((vacancies,)) == []
    silent = changed(MEASURES_BY_ID["children_looked_after"], beside=BY_ID["workforce_monthly"], left_out_by=None)
    assert any("left_out_by is not stated" in problem for problem in problems_of((silent,)))


def test_measures_without_defects_need_say_nothing() -> None:
    right_or_unusable = replace(BY_ID["placements"], columns=tuple(
        replace(column, unreadable=None) for column in BY_ID["placements"].columns
    ))  # fmt: skip
    looked_after = changed(MEASURES_BY_ID["children_looked_after"], dataset=right_or_unusable)
    assert problems_of((replace(looked_after, left_out_by=None),)) == []
    (problem,) = problems_of((replace(looked_after, left_out_by=("x",)),))
    assert problem.endswith("no defect 'x'; its rows can have none")


def test_rows_with_one_of_the_defects_are_left_out_whatever_else_is_wrong_with_them() -> None:
    rows = pd.DataFrame({"n": range(5), "defects": ["", "a", "b", "a b", "ab"]})
    seen = NumberedRows(rows)
    assert seen.without(("a",)).rows["n"].tolist() == [0, 2, 4]
    assert seen.without(("a", "b")).rows["n"].tolist() == [0, 4]
    assert seen.without(()) is seen
    assert seen.without(("c",)) is seen
