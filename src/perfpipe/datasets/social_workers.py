"""Social workers: one row per employment spell (definitions 5.2 to 5.4)."""

from __future__ import annotations

from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind, PersonKind
from perfpipe.datasets.employments import with_appointment
from perfpipe.datasets.interview_codes import YES_NO
from perfpipe.datasets.worker_rules import MOST_FTE, WORKER_CHECKS, with_spells
from perfpipe.rules.rule import Defect

LEAVING_REASON_UNREADABLE = Defect("leaving_reason_unreadable", "why the spell ended cannot be read")
CONTRACT = CodeList(
    "contract",
    (Code("permanent", "Directly employed, permanent or fixed term"), Code("agency", "Agency worker")),
    {"perm": "permanent", "fixed term": "permanent", "employed": "permanent", "agency worker": "agency"}
    | {"0": "permanent", "1": "agency"},
)
LEAVING_REASON = CodeList(
    "leaving_reason",
    (
        Code("resignation", "Resignation"),
        Code("voluntary_redundancy", "Voluntary redundancy"),
        Code("compulsory_redundancy", "Compulsory redundancy"),
        Code("dismissed", "Dismissed"),
        Code("retired", "Retired"),
        Code("deceased", "Deceased"),
        Code("moved_within_la", "Moved to a role outside children's social work in the authority"),
        Code("internal_move", "Moved or promoted within children's social work in the authority"),
        Code("career_break", "Career break or secondment out"),
        Code("other", "Other"),
        Code("not_known", "Not known"),
    ),
    not_yet=("not_known",),
)
DESTINATION = CodeList(
    "leaving_destination",
    (
        Code("other_la", "Other local authority in England"),
        Code("outside_england", "Outside England"),
        Code("agency", "Agency"),
        Code("other_social_work", "Other social work, not a local authority"),
        Code("other_social_care", "Other social care"),
        Code("not_social_care", "Not social care, abroad, none or career break"),
        Code("other", "Other"),
        Code("not_known", "Not known"),
    ),
    not_yet=("not_known",),
)

SOCIAL_WORKERS = Dataset(
    id="social_workers",
    title="Children's social workers",
    one_row_is="one employment spell: a worker in one post under one contract",
    key=("worker_id", "started_on", "contract", "team"),
    person=(PersonKind.WORKER, "worker_id"),
    follow_by=("worker_id", "started_on"),  # team and contract are corrected in place
    start="started_on",
    end="left_on",
    goes_back_by="start",
    derive=with_appointment,
    context=with_spells,
    columns=(
        Column("worker_id", Kind.ID, "the source's number of the worker", True, True),
        Column("role", Kind.TEXT, "role"),
        Column("team", Kind.TEXT, "team"),
        Column("contract", Kind.CODE, "permanent or agency", True, True, codes=CONTRACT),
        Column("fte", Kind.NUMBER, "full-time equivalent, 0 to 1", True, least=0, most=MOST_FTE),
        Column("started_on", Kind.DATE, "first day of the spell", True, True),
        Column("left_on", Kind.DATE, "end of the spell; blank while in post", True, vital=True),
        Column("last_day_on", Kind.DATE, "last day worked; from left_on, as the layout's left_on_is says"),
        Column(
            "leaving_reason",
            Kind.CODE,
            "why the spell ended",
            codes=LEAVING_REASON,
            unreadable=LEAVING_REASON_UNREADABLE,
            decides=lambda rows: rows["left_on"].notna(),
        ),
        Column("leaving_destination", Kind.CODE, "where the worker went", codes=DESTINATION),
        Column("newly_qualified", Kind.CODE, "newly qualified when appointed", codes=YES_NO),
        Column("qualified_on", Kind.DATE, "date of qualification"),
        Column("cases_count", Kind.COUNT, "cases held at the time of the extract", aliases=("cases",)),
    ),
    checks=WORKER_CHECKS,
)
