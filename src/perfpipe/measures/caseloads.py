"""Social workers in post and the cases they hold (definitions 5.1, 5.2 and 5.9)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.datasets.worker_rules import FTE_NOT_KNOWN
from perfpipe.frames.libraries import np, pd
from perfpipe.measures.counts import Counts, Unit, count, everything
from perfpipe.measures.definition import Basis, Display, Measure, Period, Polarity, Table, last_of_each
from perfpipe.measures.local_choices import AS_USUAL, Counting
from perfpipe.measures.social_workers import CENSUS, CONTRACT, LOCAL, OWNER, STAFF_GROUP, staff

FIRST_POST = ["contract", "newly_qualified", "team", "source_row"]  # the last of them: employed goes before agency
STAFF = Table("social_workers_in_post", "Social workers in post", "Agency workers included, and shown apart.")


def case_holders(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each person in post, agency workers included, with the `cases` and `fte` of all their posts.

    Where the FTE of one of their posts is not known, theirs is not.
    """
    people = staff(rows)
    number = people.groupby(["month", "worker_id"], sort=False).ngroup().to_numpy()
    sums = {
        name: np.bincount(number, people[column].fillna(0).astype("float64"))[number] if len(people) else 0.0
        for name, column in (("cases", "cases_count"), ("fte", "fte"))
    }
    marked = people["defects"].str.split().map(lambda marks: FTE_NOT_KNOWN.id in marks).to_numpy(dtype=bool)
    defects = np.where(np.isin(number, number[marked]), FTE_NOT_KNOWN.id, "")
    return last_of_each(people.assign(defects=defects, **sums), ["month", "worker_id"], FIRST_POST)


def holds_cases(rows: pd.DataFrame) -> pd.Series:
    """People with one or more cases and some contracted hours."""
    return (rows["cases"] >= 1) & (rows["fte"] > 0)


_at_month_end = partial(Measure, periods=(Period.MONTH_END,), owner=OWNER)
POSTS = Basis(SOCIAL_WORKERS, rows=staff)
_in_post = partial(
    _at_month_end,
    basis=POSTS,
    shown=Display(Polarity.NEITHER, (CONTRACT, STAFF_GROUP), table=STAFF),
    source=CENSUS,
)
CASE_HOLDERS = Basis(SOCIAL_WORKERS, rows=case_holders, needs=("cases_count", "fte"))
_of_cases = partial(_at_month_end, basis=CASE_HOLDERS, shown=Display(Polarity.LOWER_IS_BETTER, (STAFF_GROUP,)))

STAFF_FTE = _in_post(
    id="staff_in_post_fte",
    code="SW-14",
    title="Social workers in post, FTE",
    counts=count(everything, weight="fte"),
    left_out_by=("fte_not_known",),
    why_it_matters="How many social workers there are, and how many of them are new to the work or here for a short "
    "time.",
    definition="Full-time equivalents of children's social workers in post at the end of the month's last day, agency "
    "workers included. Newly qualified: when appointed, in the 12 months before.",
)
STAFF_HEADCOUNT = _in_post(
    id="staff_in_post",
    code="SW-14b",
    title="Social workers in post, people",
    counts=count(everything, distinct="worker_id"),
    left_out_by=(),
    why_it_matters="Beside FTE it shows how many work part time.",
    definition="Children's social workers in post at the end of the month's last day, agency workers included, each "
    "counted once whatever posts they hold. Newly qualified: when appointed, in the 12 months before.",
)


def counted_by(counting: Counting) -> tuple[Measure, ...]:
    """The measures of cases held, by the authority's own ceiling (definitions 5.8) and its extracts' time."""
    ceiling, days = counting.caseload_ceiling, counting.caseload_known_days
    return (
        _of_cases(
            id="average_caseload",
            code="SW-12",
            title="Average caseload per full-time equivalent",
            basis=replace(CASE_HOLDERS, made_within_days=days),
            counts=Counts(Unit.CASES, holds_cases, holds_cases, weight="fte", numerator_weight="cases", nested=False),
            left_out_by=(FTE_NOT_KNOWN.id,),
            why_it_matters="With too many cases a social worker cannot know the children well.",
            definition="Cases over FTE of those in post at the month end, agency workers included, who hold one or "
            "more cases. Cases are those held when the extract was made, so there is no figure from an extract made "
            f"more than {days} days after the month. Newly qualified: when appointed, in the 12 months before.",
            source=CENSUS,
        ),
        _of_cases(
            id="over_caseload_ceiling",
            code="SW-12b",
            title=f"Social workers with more than {ceiling} cases for full-time hours",
            basis=replace(CASE_HOLDERS, made_within_days=days),
            counts=count(lambda rows: holds_cases(rows) & (rows["cases"] > ceiling * rows["fte"])),
            left_out_by=(FTE_NOT_KNOWN.id,),
            why_it_matters="An average hides who has far too many.",
            definition=f"People in post at the month end with more than {ceiling} cases for each full-time equivalent, "
            "agency workers included. Cases are those held when the extract was made, as for the average.",
            source=LOCAL,
        ),
    )


MEASURES = (*counted_by(AS_USUAL), STAFF_FTE, STAFF_HEADCOUNT)
