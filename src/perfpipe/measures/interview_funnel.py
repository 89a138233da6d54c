"""The funnel from a return to an interview within 72 hours: every step counted (definitions 3.16, 3.17).

All steps are of returns in the month, judged once 72 hours have passed, with interviews done as known at the extract.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from perfpipe.datasets.interview_codes import NOT_REQUIRED_REASON
from perfpipe.frames.libraries import pd
from perfpipe.measures.counts import count
from perfpipe.measures.definition import Breakdown, Display, Measure, Polarity, Table
from perfpipe.measures.local_choices import AS_USUAL, Counting
from perfpipe.measures.return_home_interviews import AREA, LOCAL, LOOKED_AFTER, at_72_hours

FUNNEL = Table(
    id="return_home_interview_funnel",
    title="From return to interview",
    note="Episodes add up from step to step; children do not, as one child can return several times. An interview "
    "offered = NA where one is required counts as not offered. A cell that cannot be read leaves its return out of the "
    "shares, not of the steps: there an interview is required, its offer not recorded, its outcome another. Interviews "
    "are those known at the extract: of the newest month, more will follow. The share of RHI-06 is of those due less "
    "those whose interview has an impossible time.",
    adds_up=(
        ("funnel_returned", ("funnel_impossible", "funnel_not_required", "funnel_eligible")),
        ("funnel_eligible", ("funnel_not_yet_due", "funnel_due")),
        ("funnel_due", ("funnel_offered", "funnel_not_offered", "funnel_offer_not_recorded")),
        (
            "funnel_offered",
            ("funnel_accepted", "funnel_declined_child", "funnel_declined_parent", "funnel_other_outcome"),
        ),
        ("funnel_due", ("funnel_completed", "funnel_not_completed")),
        ("funnel_completed", ("funnel_within_72h", "funnel_late", "funnel_mistimed")),
    ),
)
Column = Callable[["pd.DataFrame"], "pd.Series"]

_step = partial(
    at_72_hours,
    shown=Display(Polarity.NEITHER, (LOOKED_AFTER, AREA), table=FUNNEL),
    left_out_by=(),  # what is wrong with a return or an interview has steps of its own
    counted_all_the_same=("offer_unreadable", "interview_outcome_unreadable"),
    why_it_matters="A step of the funnel: a percentage says little without the numbers behind it.",
    source=LOCAL,
)
_OFFERED_OUTCOMES = ("accepted", "declined_child", "declined_parent")


def _offered(rows: pd.DataFrame) -> pd.Series:
    return rows["due"] & (rows["offered"] == "Y")


def _offered_with(outcome: str) -> Column:
    return lambda rows: _offered(rows) & (rows["outcome"] == outcome)


def _done(rows: pd.DataFrame) -> pd.Series:
    return rows["due"] & rows["completed"]


def _in_time(rows: pd.DataFrame) -> pd.Series:
    return _done(rows) & ~rows["mistimed"] & rows["within_72h"]


def counted_by(counting: Counting) -> tuple[Measure, ...]:
    """The step that the authority's list of reasons decides, by reason."""
    listed = {
        code.code: code.label for code in NOT_REQUIRED_REASON.codes if code.code in counting.interview_not_required
    }
    words = ", ".join(label.lower() for label in listed.values())
    return (
        _step(
            id="funnel_not_required",
            code="RHI-F03",
            title="No interview required",
            counts=count(lambda rows: rows["not_required_because"].notna() & ~rows["impossible"]),
            shown=Display(
                Polarity.NEITHER,
                (LOOKED_AFTER, AREA, Breakdown("not_required_because", "Why no interview is required", listed)),
                table=FUNNEL,
            ),
            definition=f"Returns with rhi_required = N for a listed reason: {words}. Any other reason leaves the "
            "return in.",
        ),
    )


MEASURES: tuple[Measure, ...] = (
    _step(
        id="funnel_returned",
        code="RHI-F01",
        title="Returned",
        counts=count(lambda rows: rows["returned"].notna()),
        definition="Missing episodes whose return, or where that is blank the time found, was in the month.",
    ),
    _step(
        id="funnel_impossible",
        code="RHI-F02",
        title="Left out: impossible return",
        counts=count(lambda rows: rows["impossible"]),
        definition="Returns before the episode began or after the extract: nothing can be judged until they are "
        "corrected.",
    ),
    *counted_by(AS_USUAL),
    _step(
        id="funnel_eligible",
        code="RHI-F04",
        title="Interview required",
        counts=count(lambda rows: rows["eligible"]),
        definition="Returns after which an interview is required.",
    ),
    _step(
        id="funnel_not_yet_due",
        code="RHI-F05",
        title="Not yet due",
        counts=count(lambda rows: rows["eligible"] & ~rows["due"]),
        definition="Fewer than 72 hours had passed at the extract, whether or not the interview has been done. Of a "
        "return without a time, fewer than three whole days since its own.",
    ),
    _step(
        id="funnel_due",
        code="RHI-F06",
        title="Due",
        counts=count(lambda rows: rows["due"]),
        definition="Returns after which an interview is required, at least 72 hours old at the extract.",
    ),
    _step(
        id="funnel_offered",
        code="RHI-F07",
        title="Offered",
        counts=count(_offered),
        definition="Of those due, offered = Y.",
    ),
    _step(
        id="funnel_not_offered",
        code="RHI-F08",
        title="Not offered",
        counts=count(lambda rows: rows["due"] & rows["offered"].isin(("N", "NA"))),
        definition="Of those due, offered = N, or NA although an interview is required.",
    ),
    _step(
        id="funnel_offer_not_recorded",
        code="RHI-11c",
        title="Offer not recorded",
        counts=count(lambda rows: rows["due"] & rows["offered"].isna()),
        shown=Display(Polarity.LOWER_IS_BETTER, (LOOKED_AFTER, AREA), table=FUNNEL),
        definition="Of those due, offered is blank, which counts as not offered in RHI-03, or cannot be read.",
    ),
    _step(
        id="funnel_accepted",
        code="RHI-F09",
        title="Accepted",
        counts=count(_offered_with("accepted")),
        definition="Of those offered, outcome accepted.",
    ),
    _step(
        id="funnel_declined_child",
        code="RHI-F10",
        title="Declined by the child",
        counts=count(_offered_with("declined_child")),
        definition="Of those offered, declined by the child.",
    ),
    _step(
        id="funnel_declined_parent",
        code="RHI-F11",
        title="Declined by a parent",
        counts=count(_offered_with("declined_parent")),
        definition="Of those offered, declined by a parent or carer.",
    ),
    _step(
        id="funnel_other_outcome",
        code="RHI-F12",
        title="Other outcome",
        counts=count(lambda rows: _offered(rows) & ~rows["outcome"].isin(_OFFERED_OUTCOMES)),
        definition="Of those offered: unable to complete, missing again, pending, blank, or not to be read.",
    ),
    _step(
        id="funnel_completed",
        code="RHI-F13",
        title="Interviewed",
        counts=count(_done),
        definition="Of those due, an interview no later than the extract, whatever is recorded of offer and outcome.",
    ),
    _step(
        id="funnel_within_72h",
        code="RHI-F14",
        title="Interviewed within 72 hours",
        counts=count(_in_time),
        definition="Of those interviewed, within 72 hours of the return as in RHI-06.",
    ),
    _step(
        id="funnel_late",
        code="RHI-F15",
        title="Interviewed late",
        counts=count(lambda rows: _done(rows) & ~rows["mistimed"] & ~rows["within_72h"]),
        definition="Of those interviewed, later than 72 hours after the return.",
    ),
    _step(
        id="funnel_mistimed",
        code="RHI-F16",
        title="Interviewed at an impossible time",
        counts=count(lambda rows: _done(rows) & rows["mistimed"]),
        definition="Of those interviewed, recorded before the child was found: neither in time nor late until "
        "corrected.",
    ),
    _step(
        id="funnel_not_completed",
        code="RHI-F17",
        title="Not interviewed",
        counts=count(lambda rows: rows["due"] & ~rows["completed"]),
        definition="Of those due, no interview by the extract. An interview dated after it has not taken place.",
    ),
    *(
        _step(
            id=f"funnel_children_{step}",
            code=code,
            title=title,
            counts=count(numerator, distinct="child_id"),
            definition=f"Different children among those {among}. Children do not add up over steps, groups or months.",
        )
        for step, code, title, numerator, among in (
            ("returned", "RHI-F01c", "Children who returned", lambda rows: rows["returned"].notna(), "returned"),
            ("due", "RHI-F06c", "Children due an interview", lambda rows: rows["due"], "due"),
            ("completed", "RHI-F13c", "Children interviewed", _done, "interviewed"),
            ("within_72h", "RHI-F14c", "Children interviewed within 72 hours", _in_time, "interviewed within 72 hours"),
        )
    ),
)
