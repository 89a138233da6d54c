"""What measures of social workers count: employments, made of spells, and who is in post (definitions 5.1 to 5.5).

The measures themselves stand in `retention`, `turnover`, `workforce_rates` and `caseloads`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from perfpipe.datasets.employments import BREAK_DAYS, STILL_IN_POST, Employments, days_of, or_still
from perfpipe.datasets.social_workers import LEAVING_REASON_UNREADABLE
from perfpipe.frames.libraries import np, pd
from perfpipe.measures.definition import Breakdown

if TYPE_CHECKING:
    import numpy.typing as npt

MONTH_ENDS = 13  # of a year, the one before it included
NONE = -1  # the place of no group
DAYS_OF_A_MONTH = 32  # more than any month has: months and days make one number that keeps their order
FIRST_YEAR_MONTHS = 12  # of assessed and supported employment (definitions 5.8)
USED = [
    "month", "month_end", "month_as_at", "window_from", "reading_id", "source_row", "defects", "worker_id", "contract",
    "fte", "started_on", "left_on", "last_day_on", "leaving_reason", "leaving_destination", "newly_qualified",
]  # fmt: skip
OWNER = "Principal social worker"
CENSUS = "DfE, children's social work workforce census, at each month end"
LOCAL = "Local definition; no national one exists"

EXPERIENCE = Breakdown(
    "experience",
    "Newly qualified or experienced when appointed",
    {"newly_qualified": "Newly qualified", "experienced": "Experienced", "not_known": "Not known"},
)
ORIGIN = Breakdown(
    "origin",
    "Taken on from agency work here, or new",
    {"from_agency": "Agency worker here before", "new": "New to the authority"},
)
REASON = Breakdown(
    "reason",
    "Why they left",
    {
        "resigned": "Resigned or took voluntary redundancy",
        "retired": "Retired",
        "dismissed": "Dismissed or made redundant",
        "other_role": "To a role outside children's social work here",
        "career_break": "Career break or secondment",
        "other": "Other, death included",
        "not_known": "Not known",
    },
)
REASON_GROUPS = {
    "resignation": "resigned", "voluntary_redundancy": "resigned", "retired": "retired", "dismissed": "dismissed",
    "compulsory_redundancy": "dismissed", "moved_within_la": "other_role", "career_break": "career_break",
    "deceased": "other", "other": "other",
}  # fmt: skip
ATTRITION = Breakdown(
    "attrition",
    "Where they went",
    {
        "other_authority": "To another local authority in England",
        "agency": "To agency work",
        "out": "Out of local authority social work in England",
        "not_known": "Other or not known",
    },
)
ATTRITION_GROUPS = {
    "other_la": "other_authority", "agency": "agency", "outside_england": "out", "other_social_work": "out",
    "other_social_care": "out", "not_social_care": "out",
}  # fmt: skip
CONTRACT = Breakdown("contract", "Directly employed or agency", {"agency": "Agency", "permanent": "Directly employed"})
STAFF_GROUP = Breakdown(
    "staff_group",
    "Newly qualified, experienced or agency",
    {
        "newly_qualified": "Newly qualified, in their first year",
        "experienced": "Experienced",
        "agency": "Agency",
        "not_known": "Not known",
    },
)


def employments(rows: pd.DataFrame) -> pd.DataFrame:
    """Directly employed spells with the employment each belongs to, for each reporting `month` (definitions 5.4).

    Spells of one worker that overlap, or follow within `BREAK_DAYS`, are one: a promotion or a second post is neither
    appointment nor leaver. What began after the month only says that somebody has not left. Columns added:

    - `first_of_employment`, `begins_it` (bool): one row for each employment; each spell of its first day
    - `employed_from`, `employed_to` (NaT while in post), `last_day_on` (of the employment; far away while in post)
    - `leaves`, `leaver` (bool): spells by whose end the employment ends, unless by a move or promotion within
      children's social work, whenever that is; and one of them for each employment
    - `stays` (bool): the employment has no such end. `has_left` (bool): it had one by the month's end
    - `survived` (int): how long seen in post, as `time_in_post` says
    - `people` (1.0) and `share_of_year` (float): the share of the 13 month ends of a year on which in post
    - the breakdowns `experience`, `origin`, `reason`, `attrition`
    """
    made, spells = _employed(rows)
    started, left, month_end = (days_of(spells[name]) for name in ("started_on", "left_on", "month_end"))
    employed_from, employed_to = made.earliest(started), made.latest(or_still(left))
    last_day = made.latest(or_still(days_of(spells["last_day_on"])))
    begins_it = started == employed_from
    leaves = (left == employed_to) & (spells["leaving_reason"] != "internal_move").to_numpy(dtype=bool)
    ends_by_leaving = made.any(leaves)
    return _with_unread_ends(spells, made, leaves & (last_day <= month_end)).assign(
        first_of_employment=made.first,
        begins_it=begins_it,
        employed_from=employed_from,
        employed_to=np.where(employed_to < np.datetime64(STILL_IN_POST), employed_to, np.datetime64("NaT")),
        last_day_on=last_day,
        leaves=leaves,
        leaver=made.only_first(leaves),
        stays=~ends_by_leaving,
        has_left=ends_by_leaving & (last_day <= month_end),
        survived=time_in_post(employed_from, np.where(ends_by_leaving, np.minimum(last_day, month_end), month_end)),
        people=1.0,
        share_of_year=month_ends_in_post(employed_from, employed_to, month_end) / MONTH_ENDS,
        experience=_experience(spells["newly_qualified"], made, begins_it),
        origin=_in_groups(ORIGIN, np.where(_agency_worker_before(rows, spells, employed_from), 0, 1)),
        reason=_grouped(REASON, spells["leaving_reason"], REASON_GROUPS),
        attrition=_grouped(ATTRITION, spells["leaving_destination"], ATTRITION_GROUPS),
    )[(spells["started_on"] <= spells["month_end"]).to_numpy(dtype=bool)]


def _with_unread_ends(spells: pd.DataFrame, made: Employments, ends: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Spells that have that defect of a reason for leaving where their employment ends by one, and no others."""
    defects, mark = spells["defects"], LEAVING_REASON_UNREADABLE.id
    if not (marked := defects.str.contains(mark, regex=False)).any():
        return spells
    others, unread = defects.str.replace(mark, "", regex=False), made.any(ends & marked.to_numpy(dtype=np.bool_))
    return spells.assign(defects=others.mask(unread, others + " " + mark))


def _begun(rows: pd.DataFrame, contract: str) -> pd.Series:
    """Spells under one kind of contract that had begun by the month's end."""
    return (rows["started_on"] <= rows["month_end"]) & (rows["contract"] == contract)


def _employed(rows: pd.DataFrame) -> tuple[Employments, pd.DataFrame]:
    """The employments that the permanent spells make up, and those spells in their order."""
    employed = np.flatnonzero(rows["contract"] == "permanent")
    whose = ("month", "worker_id")
    made = Employments.of(rows[[*whose, "started_on", "left_on", "source_row"]].iloc[employed], whose)
    return made, rows[USED].iloc[employed[made.order]]


def in_post(rows: pd.DataFrame) -> pd.Series:
    """Spells in post at the end of the month (definitions 5.2)."""
    still = rows["left_on"].isna() | (rows["left_on"] > rows["month_end"])
    return still & (rows["started_on"] <= rows["month_end"])


def appointed_in_window(rows: pd.DataFrame) -> pd.Series:
    """New employments, one row each, in the period to the end of the reporting month."""
    return rows["first_of_employment"] & rows["employed_from"].between(rows["window_from"], rows["month_end"])


def time_in_post(first: npt.NDArray[np.datetime64], last: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """How long from a first to a last day, in calendar months and days: months times 32, and days.

    On the same day of a later month, or the last day of a month that has no such day, the months are complete:
    31 August to 28 February 2017 is 6 months. So `survived >= 32 * 6` is "in post on the 6-month anniversary" for all.
    """
    first, last = first.astype("datetime64[D]"), last.astype("datetime64[D]")
    first_month, month = first.astype("datetime64[M]"), last.astype("datetime64[M]")
    day = (first - first_month.astype("datetime64[D]")).astype("int64") + 1
    months = (month - first_month).astype("int64")
    due = _on_day(month, day)
    reached = last >= due
    since = np.where(reached, due, _on_day(month - 1, day))
    days = (last - since).astype("int64")
    span: npt.NDArray[np.int64] = np.maximum((months - ~reached) * DAYS_OF_A_MONTH + days, 0)
    return span


def _on_day(month: npt.NDArray[np.datetime64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """A day of each month, or its last where it has no such day."""
    first = month.astype("datetime64[D]")
    length = ((month + 1).astype("datetime64[D]") - first).astype("int64")
    on: npt.NDArray[np.datetime64] = first + (np.minimum(day, length) - 1)
    return on


def month_ends_in_post(
    employed_from: npt.NDArray[np.datetime64],
    employed_to: npt.NDArray[np.datetime64],
    month_end: npt.NDArray[np.datetime64],
) -> npt.NDArray[np.int64]:
    """On how many of the 13 month ends to each reporting month, the one a year before included, people were in post.

    A day of leaving is not in post (definitions 5.2), so the month of leaving never counts.
    """
    begun, ended, last = (
        days.astype("datetime64[M]").astype("int64") for days in (employed_from, employed_to, month_end)
    )
    count: npt.NDArray[np.int64] = np.maximum(
        np.minimum(ended - 1, last) - np.maximum(begun, last - (MONTH_ENDS - 1)) + 1, 0
    )
    return count


def _experience(flag: pd.Series, made: Employments, begins_it: npt.NDArray[np.bool_]) -> pd.Categorical[str]:
    """Whether newly qualified when appointed, from the spells of the first day; None where that is not recorded."""
    yes, no = (made.any(begins_it & (flag == answer).to_numpy(dtype=bool)) for answer in ("Y", "N"))
    return _in_groups(EXPERIENCE, np.where(yes, 0, np.where(no, 1, NONE)))


def _in_groups(breakdown: Breakdown, place: npt.NDArray[np.int64]) -> pd.Categorical[str]:
    """Groups by their places in a breakdown: a column that is quick to make, and quick to count by."""
    return pd.Categorical.from_codes(place, categories=pd.Index(breakdown.groups))


def _grouped(breakdown: Breakdown, codes: pd.Series, groups: Mapping[str, str]) -> pd.Categorical[str]:
    """The groups that codes belong to; none for other codes and blanks."""
    number, known = pd.factorize(codes)
    places = {group: place for place, group in enumerate(breakdown.groups)}
    place_of = [places[groups[str(code)]] if code in groups else NONE for code in known]
    return _in_groups(breakdown, np.array([*place_of, NONE], dtype=np.int64)[number])


def _agency_worker_before(
    rows: pd.DataFrame, spells: pd.DataFrame, employed_from: npt.NDArray[np.datetime64]
) -> npt.NDArray[np.bool_]:
    """For each spell whether the worker was here by way of an agency up to `BREAK_DAYS` before the employment."""
    agency = rows.loc[_begun(rows, "agency"), ["month", "worker_id", "started_on", "last_day_on"]]
    both = pd.factorize(pd.concat([agency["worker_id"], spells["worker_id"]]))[0]
    number, own_number = both[: len(agency)], both[len(agency) :]
    here = np.zeros(both.max(initial=0) + 1, dtype=np.bool_)
    here[number] = True
    position = np.flatnonzero(here[own_number])  # few are both
    own = spells[["month", "worker_id"]].iloc[position].assign(position=position, employed_from=employed_from[position])
    pairs = own.merge(agency, on=["month", "worker_id"])
    until = pairs["last_day_on"].fillna(pd.Timestamp(STILL_IN_POST)) + pd.Timedelta(days=BREAK_DAYS)
    came = (pairs["started_on"] < pairs["employed_from"]) & (pairs["employed_from"] <= until)
    found = np.zeros(len(spells), dtype=np.bool_)
    found[pairs.loc[came, "position"].to_numpy()] = True
    return found


def staff(rows: pd.DataFrame) -> pd.DataFrame:
    """Spells with `staff_group`: agency, newly qualified and in the first year after appointment, or experienced."""
    first_year = rows["appointed_on"] + pd.DateOffset(months=FIRST_YEAR_MONTHS) > rows["month_end"]
    flag = rows["newly_qualified"]
    agency, known = (rows["contract"] == "agency").to_numpy(), (flag == "Y").to_numpy(dtype=bool)
    experienced = (~first_year | (flag == "N")).to_numpy(dtype=bool)
    place = np.select([agency, experienced, known], [2, 1, 0], NONE)
    return rows.assign(staff_group=_in_groups(STAFF_GROUP, place))
