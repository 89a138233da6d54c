"""Social workers in post and the cases they hold (`domain.md` 3.1 and 3.4, SW-12)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.measures.definition import Measure, Period, Polarity, Table, Unit, last_of_each
from perfpipe.measures.social_workers import CENSUS, CONTRACT, LOCAL, OWNER, STAFF_GROUP, everything, staff

CASES_CEILING = 25  # cases for each full-time equivalent; a local figure, as no national one exists (3.3)
CASES_KNOWN_DAYS = 31  # after the month end: a later extract says what is held then
FIRST_POST = ["contract", "newly_qualified", "team", "source_row"]  # the last of them: employed goes before agency
STAFF = Table("social_workers_in_post", "Social workers in post", "Agency workers included, and shown apart.")


def case_holders(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each person in post, agency workers included, with the `cases` and `fte` of all their posts."""
    people = staff(rows)
    number = people.groupby(["month", "worker_id"], sort=False).ngroup().to_numpy()
    sums = {
        name: np.bincount(number, people[column].fillna(0).astype("float64"))[number] if len(people) else 0.0
        for name, column in (("cases", "cases_count"), ("fte", "fte"))
    }
    return last_of_each(people.assign(**sums), ["month", "worker_id"], FIRST_POST)


def holds_cases(rows: pd.DataFrame) -> pd.Series:
    """People with one or more cases and some contracted hours."""
    return (rows["cases"] >= 1) & (rows["fte"] > 0)


STAFF_FTE = Measure(
    id="staff_in_post_fte",
    code="SW-14",
    title="Social workers in post, FTE",
    dataset=SOCIAL_WORKERS,
    periods=(Period.MONTH_END,),
    rows=staff,
    numerator=everything,
    weight="fte",
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    breakdowns=(CONTRACT, STAFF_GROUP),
    owner=OWNER,
    why_it_matters="How many social workers there are, and how many of them are new to the work or here for a short "
    "time.",
    definition="Full-time equivalents of children's social workers in post at the end of the month's last day, agency "
    "workers included. Newly qualified: when appointed, in the 12 months before.",
    source=CENSUS,
    table=STAFF,
)
STAFF_HEADCOUNT = Measure(
    id="staff_in_post",
    code="SW-14b",
    title="Social workers in post, people",
    dataset=SOCIAL_WORKERS,
    periods=(Period.MONTH_END,),
    rows=staff,
    numerator=everything,
    distinct="worker_id",
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    breakdowns=(CONTRACT, STAFF_GROUP),
    owner=OWNER,
    why_it_matters="Beside FTE it shows how many work part time.",
    definition="Children's social workers in post at the end of the month's last day, agency workers included, each "
    "counted once whatever posts they hold. Newly qualified: when appointed, in the 12 months before.",
    source=CENSUS,
    table=STAFF,
)
AVERAGE_CASELOAD = Measure(
    id="average_caseload",
    code="SW-12",
    title="Cases for each full-time social worker",
    dataset=SOCIAL_WORKERS,
    periods=(Period.MONTH_END,),
    rows=case_holders,
    denominator=holds_cases,
    numerator=holds_cases,
    weight="fte",
    numerator_weight="cases",
    needs=("cases_count", "fte"),
    made_within_days=CASES_KNOWN_DAYS,
    nested=False,
    unit=Unit.CASES,
    polarity=Polarity.LOWER_IS_BETTER,
    breakdowns=(STAFF_GROUP,),
    owner=OWNER,
    why_it_matters="With too many cases a social worker cannot know the children well.",
    definition="Cases over FTE of those in post at the month end, agency workers included, who hold one or more cases. "
    "Cases are those held when the extract was made, so there is no figure from an extract made more than "
    f"{CASES_KNOWN_DAYS} days after the month. Newly qualified: when appointed, in the 12 months before.",
    source=CENSUS,
)
OVER_CEILING = Measure(
    id="over_caseload_ceiling",
    code="SW-12b",
    title=f"Social workers with more than {CASES_CEILING} cases for full-time hours",
    dataset=SOCIAL_WORKERS,
    periods=(Period.MONTH_END,),
    rows=case_holders,
    numerator=lambda rows: holds_cases(rows) & (rows["cases"] > CASES_CEILING * rows["fte"]),
    needs=("cases_count", "fte"),
    made_within_days=CASES_KNOWN_DAYS,
    unit=Unit.COUNT,
    polarity=Polarity.LOWER_IS_BETTER,
    breakdowns=(STAFF_GROUP,),
    owner=OWNER,
    why_it_matters="An average hides who has far too many.",
    definition=f"People in post at the month end with more than {CASES_CEILING} cases for each full-time equivalent, "
    "agency workers included. Cases are those held when the extract was made, as for the average.",
    source=LOCAL,
)

MEASURES = (AVERAGE_CASELOAD, OVER_CEILING, STAFF_FTE, STAFF_HEADCOUNT)
