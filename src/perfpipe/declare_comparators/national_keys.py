"""Which keys of the national tool's file count as measures of ours do, by the definitions that both state."""

from __future__ import annotations

from perfpipe.settings.comparators import Match

NATIONAL_TOOL = "Department for Education, Local Authority Interactive Tool"

_RATES = {
    "Continue_Assess_Comp": ("assessments_within_45_days", "rolling_12"),
    "LAC_Foster_Placements": ("in_foster_care", "month_end"),
    "LAC_SecHome_And_ChildHome": ("in_childrens_homes", "month_end"),
    "LAC_Ind_SInd_Liv_Arr": ("in_supported_accommodation", "month_end"),
    "LACStable_2016on": ("three_or_more_placements", "rolling_12"),
    "LAC_LongStable%": ("long_term_stability", "rolling_12"),
    "LACDistance": ("far_from_home", "month_end"),
    "Work_Force_TO_Rate": ("turnover_12_months", "rolling_12"),
    "Work_Force_Vac_Rate": ("vacancy_rate", "month_end"),
    "Work_Force_Agecy_Rate": ("agency_rate", "month_end"),
    "Work_Force_AgencyCover": ("agency_covering_vacancies", "month_end"),
    "Vacancies_cover": ("vacancies_covered_by_agency", "month_end"),
    "Work_Force_SWAbsence": ("sickness_rate", "rolling_12"),
}
_NUMBERS = {
    "LAC": ("children_looked_after_rate", "month_end"),
    "Work_Force_AvgNumCase_SW": ("average_caseload", "month_end"),
}
_CHILDREN = {  # a number of children says nothing beside another area's
    "LACnum": ("children_looked_after", "month_end"),
    "Unacc_Asylmn_Seek_Childn": ("unaccompanied_children", "month_end"),
}


def _matches() -> tuple[Match, ...]:
    of_rates = [{"measure": m, "period": p, "key": key, "given_in": "percent"} for key, (m, p) in _RATES.items()]
    of_numbers = [{"measure": m, "period": p, "key": key} for key, (m, p) in _NUMBERS.items()]
    of_children = [{"measure": m, "period": p, "key": key, "show": ("own",)} for key, (m, p) in _CHILDREN.items()]
    return tuple(Match.model_validate(each) for each in (*of_rates, *of_numbers, *of_children))


NATIONAL_MATCHES = _matches()
