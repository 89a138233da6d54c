"""What happens in the made-up authority, as numbers; how it is recorded is in `recording_parameters.py`.

Sources: [I] inspection report of 13 June 2017 and figures at 31 January 2017; [D] Department for Education
statistics for the comparable authority; [P] the project's own judgement. Shares are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from perfpipe.dates.months import Month

# --- The authority, which does not exist --------------------------------------------------------------------

OWN_SPELLINGS = (None, "Exampleshire", "Exampleshire County Council", "Exampleshire CC")
OWN_SPELLING_WEIGHTS = (30, 50, 10, 10)
OTHER_AUTHORITY = "Otherton"
SIMULATION_START = date(2011, 4, 1)

# --- Children looked after ----------------------------------------------------------------------------------


class CareYear(NamedTuple):
    """What happens in one financial year: children who start and end, and how some of them end."""

    starts: int
    ends: int
    adoptions: int
    guardianships: int


INITIAL_LOOKED_AFTER = 560
CARE_YEARS: Mapping[int, CareYear] = {  # by the year of its April; 579, 620 and 653 at the Marches of 2016 to 2018 [D]
    2011: CareYear(270, 266, 40, 20),
    2012: CareYear(272, 268, 45, 20),
    2013: CareYear(276, 270, 52, 22),
    2014: CareYear(280, 275, 54, 25),
    2015: CareYear(282, 282, 54, 25),
    2016: CareYear(285, 244, 48, 5),
    2017: CareYear(258, 225, 29, 25),
    2018: CareYear(258, 250, 30, 20),
}
MONTH_FACTORS = {4: 0.89, 8: 0.87, 12: 0.88, 3: 1.08, 10: 1.09}  # of referrals; other months 1 [D]
SIBLING_GROUPS = {1: 0.65, 2: 0.22, 3: 0.13}  # 1.5 children enter together on average [P]
ENTRY_AGES = (
    ((0.0, 1.0), 19),
    ((1.0, 5.0), 19),
    ((5.0, 10.0), 18),
    ((10.0, 16.0), 33),
    ((16.0, 17.5), 11),
)  # [D]
UNACCOMPANIED_SHARE = {2015: 0.05, 2016: 0.11, 2017: 0.10}  # of the families who start [D]
UNACCOMPANIED_OTHERWISE = 0.03
POPULATION: Mapping[str, int] = {  # children aged 0 to 17, from a month on, as the sample's settings declare them
    "2013-04": 73_400,
    "2015-04": 74_100,
    "2016-04": 74_800,
    "2017-04": 75_400,
}

OWN, CONNECTED, AGENCY, HOME = "own", "connected", "agency", "home"
ADOPTION, SEMI_INDEPENDENT, PARENTS, OTHER = "adoption", "semi_independent", "parents", "other"
SETTINGS = (OWN, CONNECTED, AGENCY, HOME, ADOPTION, SEMI_INDEPENDENT, PARENTS, OTHER)
# Shares of children looked after, in that order; straight lines between the days. [I] for fostered and homes, [P]
SETTING_SHARES: tuple[tuple[date, tuple[float, ...]], ...] = (
    (date(2011, 4, 1), (0.270, 0.100, 0.405, 0.105, 0.055, 0.030, 0.027, 0.008)),
    (date(2017, 1, 31), (0.281, 0.106, 0.358, 0.132, 0.048, 0.036, 0.029, 0.010)),
    (date(2018, 3, 31), (0.290, 0.112, 0.342, 0.148, 0.035, 0.040, 0.025, 0.008)),
)
SHARE_INSIDE = {
    OWN: 0.75,
    CONNECTED: 0.62,
    AGENCY: 0.33,
    HOME: 0.35,
    ADOPTION: 0.2,
    SEMI_INDEPENDENT: 0.8,
    PARENTS: 0.85,
    OTHER: 0.4,
}  # 315 of 599 outside would be too many [I] [P]
FAR_CORNER, FAR_CORNER_MILES = 0.4, 20  # a few placements inside the authority are over 20 miles from home [P]
UNKNOWN_MILES, HOME_UNKNOWN = 999.9, 0.01  # what the national return has for a home that is not known [P]
MOVES_A_MONTH = 36  # [P]
LEGAL_CHANGES_A_MONTH = 16  # [P]
TEMPORARY_A_MONTH = {"T1": 2, "T3": 4, "T4": 1}  # [P]
CARERS_HOLIDAYS = {7: 14, 8: 16}  # T3 in July and August [P]
SHORT_BREAK_CHILDREN = 14  # in a series of short breaks (V3), never counted as looked after [P]
SHORT_BREAK_AGREEMENTS = 8  # recorded as agreements (V4) [P]

# --- Missing episodes and return home interviews ------------------------------------------------------------

MISSING_START = Month(2012, 4)
MISSING_FROM_CARE_A_MONTH = 76  # departures; about 52 remain, as a child already away cannot leave [P]
MISSING_FROM_HOME_A_MONTH = 60  # likewise [P]
HOSTED_A_MONTH = 5  # children of the other authority placed here [P]
AWAY_SHARE = 0.08  # [P]
RUNNING_SPREAD = 1.7  # of the logarithm of a child's tendency: ten children hold about a third of episodes [P]
CHILD_CORRELATION = 0.35  # of interview outcomes within a child [P]
INTERVIEWS_STEP_UP = date(2017, 1, 1)


class InterviewRates(NamedTuple):
    """How likely each step is: offered, accepted if offered, done if accepted, within 72 hours if done."""

    offered: float
    accepted: float
    done: float
    within_72h: float


RATES_BEFORE = InterviewRates(0.80, 0.70, 0.93, 0.52)  # before the step up [P]
RATES_AFTER = InterviewRates(0.92, 0.80, 0.96, 0.70)
RATES_OUT_OF_AREA_BEFORE = InterviewRates(0.62, 0.60, 0.90, 0.35)  # 238 interviews of 639 due in one county [D]
RATES_OUT_OF_AREA_AFTER = InterviewRates(0.70, 0.64, 0.92, 0.40)
NOT_REQUIRED_REASONS = {
    "aged_18": 12,
    "died": 1,
    "not_our_child": 20,
    "recorded_in_error": 27,
    "not_missing": 20,
    "other": 40,
}
NOT_REQUIRED_SHARE = 0.08  # [P]
RESTATED_MONTH = Month(2017, 6)
RESTATED_INTERVIEWS = 11

# --- Social workers -----------------------------------------------------------------------------------------


class WorkforceYear(NamedTuple):
    """One workforce year, October to September, on the national census basis and beyond it."""

    starters: int  # in post at the end of the year, not converted from agency
    conversions: int  # from agency worker to permanent post, in post at the end of the year
    came_and_went: int  # started and left within the year
    leavers: int  # in post when the year began


INITIAL_SOCIAL_WORKERS = 272
WORKFORCE_YEARS: Mapping[int, WorkforceYear] = {  # by the year of its September
    2011: WorkforceYear(20, 2, 1, 17),  # the half year from April
    2012: WorkforceYear(42, 5, 4, 42),
    2013: WorkforceYear(44, 5, 5, 45),
    2014: WorkforceYear(47, 6, 5, 46),
    2015: WorkforceYear(46, 6, 5, 50),
    2016: WorkforceYear(48, 6, 6, 46),
    2017: WorkforceYear(45, 9, 7, 41),  # census 45 starters and 41 leavers; 61 appointments [D] [I]
    2018: WorkforceYear(67, 8, 6, 56),  # [D]
}
NEWLY_QUALIFIED_SHARE = 0.5  # of starters [P]
AUTUMN_SHARE = 0.6  # of the newly qualified start in August to October [P]
MONTH_END_SHARE = 0.8  # of leavers [P]
FTE_WEIGHTS = {1.0: 77, 0.8: 9, 0.6: 8, 0.5: 6}  # 270.4 FTE at 30 September 2017 [D]
LEAVERS_WITHOUT_COUNT = 2  # a year: promoted out of social work posts, "internal move" [P]
INTERNAL_MOVES_A_YEAR = 14  # between teams, same employment [P]
SHORT_BREAKS_A_YEAR = 3  # left and came back within 28 days [P]
VACANCIES_FTE = (
    (Month(2011, 4), 45.0),
    (Month(2017, 9), 66.0),
    (Month(2018, 9), 58.0),
)  # [D] at September 2017
AGENCY_POSTS = 37  # with those about to be converted, 39.8 FTE at September 2017 [D]
AGENCY_COVERING_SHARE = 0.975  # [D]
DAYS_LOST_A_YEAR_PER_FTE = 10.5  # 2840 days over 270.4 FTE [D]
TEAMS_RENAMED = Month(2017, 10)
TEAMS = {  # the name until the renaming, and after it
    "north": ("Neighbourhood Team North", "Area Team 1 (North)"),
    "south": ("Neighbourhood Team South", "Area Team 2 (South)"),
    "east": ("Neighbourhood Team East", "Area Team 3 (East)"),
    "access": ("Referral and Assessment", "Front Door and Assessment"),
    "looked_after": ("Looked After Children", "Children in Care"),
    "fostering": ("Fostering", "Fostering and Permanence"),
    "disability": ("Children's Disability", "Children's Disability"),
}

# --- Assessments, audits and adopters ------------------------------------------------------------------------

ASSESSMENTS_START = Month(2014, 4)
ASSESSMENTS_A_MONTH = 375  # children assessed [P]
ASSESSMENT_LATE = {2015: 0.06, 2016: 0.12, 2017: 0.29}  # not within 45 working days, by the year of its April [D]
ASSESSMENT_LATE_OTHERWISE = 0.10
ASSESSMENT_STUCK = 0.006  # open for half a year and longer [P]
DAYS_TO_START = (60, 25, 10, 5)  # % started 0 to 3 working days after the referral [P]
WEEKEND_REFERRALS = 0.03  # taken by the emergency duty team [P]
UNBORN = 0.02
CHILD_SEEN = 0.955  # [P]
ASSESSMENT_OUTCOMES = {
    "no_further_action": 29,
    "early_help": 14,
    "child_in_need": 30,
    "section_47": 15,
    "ongoing": 7,
    "looked_after": 3,
    "other_agency": 2,
}  # [P]
AUDITS_START = Month(2014, 10)
AUDITS_A_MONTH = (20, 28)
AUDITS_GOOD = {2014: 0.36, 2015: 0.38, 2016: 0.45, 2017: 0.57}  # by the year of its April [P]
MODERATED_SHARE, MODERATED_OTHERWISE = 0.30, 0.22  # of audits; of moderated ones with another grade [P]
REAUDITED_SHARE, REAUDITS_IMPROVED = 0.34, 0.62  # of audits that were not good [P]
ADOPTERS_START = Month(2013, 7)
REGISTRATIONS_A_YEAR = 48  # about 40 households in the process at a time [P]
FAST_TRACK = 0.12  # [P]
WITHDRAW = {"stage_1": 0.20, "stage_2": 0.08, "waiting": 0.07}  # [P]
STAGE_1_DAYS, STAGE_2_DAYS, WAITING_DAYS = (58, 20), (122, 32), (130, 95)  # mean and spread [P]
NO_BREAK, LONGEST_BREAK_DAYS = 0.6, 170  # between the stages [P]

# --- What is counted by hand -----------------------------------------------------------------------------------


class TypedShares(NamedTuple):
    """The shares done in time in a financial year."""

    contacts: float
    reviews: float
    visits: float
    allegations: float


TYPED_START = Month(2014, 10)
ACTIONS_REPORTED_FROM = Month(2018, 2)  # before that, what the plan itself says
TYPED_SHARES: Mapping[int, TypedShares] = {  # by the year of its April [P]
    2014: TypedShares(0.73, 0.86, 0.55, 0.74),
    2015: TypedShares(0.73, 0.87, 0.58, 0.76),
    2016: TypedShares(0.73, 0.88, 0.62, 0.80),
    2017: TypedShares(0.86, 0.92, 0.75, 0.88),
    2018: TypedShares(0.90, 0.93, 0.80, 0.90),
}
CONTACTS_A_MONTH = {"Police": (380, 470), "Health": (130, 180), "Schools": (150, 240), "Others": (200, 270)}  # [P]
REVIEWS_A_MONTH = (125, 165)  # of about 600 children, every six months and in the first months more often [P]
FOSTERING_A_QUARTER, ALLEGATIONS_A_QUARTER = (2, 7), (22, 36)  # [P]
