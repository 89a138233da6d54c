"""Return home interviews: one row per missing or away episode, with its interview (definitions 3.5)."""

from __future__ import annotations

from perfpipe.datasets.definition import Column, Dataset, Kind, PersonKind
from perfpipe.datasets.interview_codes import AREA, CATEGORY, NOT_REQUIRED_REASON, OUTCOME, PRECISION, YES_NO, YES_NO_NA
from perfpipe.datasets.interview_rules import INTERVIEW_CHECKS
from perfpipe.datasets.interview_times import interview_too_early, returned, with_days
from perfpipe.datasets.missing_episode_rules import EPISODE_CHECKS
from perfpipe.rules.rule import Defect

__all__ = [
    "AREA", "NOT_REQUIRED_REASON", "OUTCOME", "RETURN_HOME_INTERVIEWS", "YES_NO", "YES_NO_NA",
    "interview_too_early", "returned",
]  # fmt: skip

NEED_UNREADABLE = Defect("interview_need_unreadable", "whether an interview is required cannot be read")
OFFER_UNREADABLE = Defect("offer_unreadable", "whether an interview was offered cannot be read")
OFFER_TIME_UNREADABLE = Defect("offer_time_unreadable", "when the interview was offered cannot be read")
OUTCOME_UNREADABLE = Defect("interview_outcome_unreadable", "the outcome of the offer cannot be read")
INDEPENDENCE_UNREADABLE = Defect("independence_unreadable", "whether the interviewer was independent cannot be read")

RETURN_HOME_INTERVIEWS = Dataset(
    id="return_home_interviews",
    title="Return home interviews",
    one_row_is="one missing or away episode, with its return home interview where there was one",
    key=("episode_id",),
    person=(PersonKind.CHILD, "child_id"),
    start="missing_from",
    end="returned_at",
    end_fallback="found_at",
    goes_back_by="end",
    in_order=(
        ("missing_from", "found_at"),
        ("missing_from", "returned_at"),
        ("missing_from", "offered_at"),
        ("found_at", "returned_at"),
        ("found_at", "interview_at"),
        ("returned_at", "interview_at"),
    ),
    one_at_a_time=True,
    context=with_days,
    columns=(
        Column("episode_id", Kind.ID, "the source's number of the episode", required=True, filled=True),
        Column("child_id", Kind.ID, "the source's number of the child", required=True, filled=True),
        Column("dob", Kind.DATE, "date of birth", aliases=("date_of_birth",)),
        Column("category", Kind.CODE, "missing or away", required=True, filled=True, codes=CATEGORY),
        Column(
            "looked_after_flag",
            Kind.CODE,
            "looked after at the start of the episode",
            codes=YES_NO,
            aliases=("looked_after",),
        ),
        Column("responsible_la", Kind.TEXT, "the local authority responsible for the child; blank is ours"),
        Column(
            "placed_or_living_in_la",
            Kind.CODE,
            "placed or living in the authority's area at the start of the episode",
            codes=AREA,
        ),
        Column("missing_from", Kind.INSTANT, "when the child went missing", required=True, filled=True),
        Column("found_at", Kind.INSTANT, "when the child was found", vital=True, precision_from="end_precision"),
        Column(
            "returned_at",
            Kind.INSTANT,
            "when the child returned; blank while still missing",
            required=True,
            vital=True,
            precision_from="end_precision",
        ),
        Column("end_precision", Kind.CODE, "whether the return has a time", codes=PRECISION),
        Column(
            "rhi_required",
            Kind.CODE,
            "whether an interview is required",
            codes=YES_NO,
            unreadable=NEED_UNREADABLE,
            decides=lambda rows: rows["not_required_reason"].notna(),  # without a reason, one is (definitions 3.16)
        ),
        Column(
            "not_required_reason",
            Kind.CODE,
            "why no interview is required; only listed reasons take an episode out",
            codes=NOT_REQUIRED_REASON,
        ),
        Column(
            "offered",
            Kind.CODE,
            "whether an interview was offered",
            required=True,
            codes=YES_NO_NA,
            unreadable=OFFER_UNREADABLE,
        ),
        Column(
            "offered_at",
            Kind.INSTANT,
            "when it was offered",
            last_reading=True,
            unreadable=OFFER_TIME_UNREADABLE,
            decides=lambda rows: rows["offered"] == "Y",
        ),
        Column(
            "outcome",
            Kind.CODE,
            "the outcome of the offer",
            required=True,
            codes=OUTCOME,
            unreadable=OUTCOME_UNREADABLE,
        ),
        Column("closed_reason", Kind.TEXT, "why the episode was closed"),
        Column("interview_id", Kind.ID, "the source's number of the interview; one may cover several episodes"),
        Column(
            "interview_at",
            Kind.INSTANT,
            "when the interview began; blank if none took place",
            required=True,
            vital=True,
            last_reading=True,
            precision_from="interview_precision",
        ),
        Column("interview_precision", Kind.CODE, "whether the interview has a time", codes=PRECISION),
        Column("interviewer_role", Kind.TEXT, "who did the interview"),
        Column(
            "independent",
            Kind.CODE,
            "whether the interviewer was independent",
            codes=YES_NO,
            unreadable=INDEPENDENCE_UNREADABLE,
        ),
        Column("method", Kind.TEXT, "how the interview was done"),
    ),
    checks=(*EPISODE_CHECKS, *INTERVIEW_CHECKS),
)
