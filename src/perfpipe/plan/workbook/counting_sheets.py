"""The sheets of what an authority settles about counting: reasons and limits, and the groups of placements."""

from __future__ import annotations

from perfpipe.datasets.interview_codes import NOT_REQUIRED_REASON
from perfpipe.datasets.placement_codes import CHANGE_REASON
from perfpipe.measures.local_choices import AS_USUAL
from perfpipe.plan.workbook.sheet_model import CellContent, PlanColumn, PlanSheet

COUNTING_SHEETS = (
    PlanSheet(
        "Counting",
        "counting",
        "What counts, where the authority can choose. One row; leave a cell blank for the usual rule.",
        (
            PlanColumn(
                "interview_not_required",
                "Reasons for no interview",
                CellContent.LIST,
                f"Of {', '.join(NOT_REQUIRED_REASON.by_code)}. Only these take a return out of the figures",
                width=32,
            ),
            PlanColumn(
                "interviews_settle_days",
                "Days until interviews settle",
                CellContent.WHOLE,
                "How old returns are when the interviews done are counted: "
                f"{AS_USUAL.interviews_settle_days} when blank",
                width=32,
            ),
            PlanColumn(
                "missing_often_episodes",
                "Missing often: episodes",
                CellContent.WHOLE,
                f"In 90 days, 2 to 6: {AS_USUAL.missing_often_episodes} when blank",
                width=32,
            ),
            PlanColumn(
                "unplanned_reasons",
                "Reasons for an unplanned ending",
                CellContent.LIST,
                f"Of {', '.join(CHANGE_REASON.by_code)}",
                width=32,
            ),
            PlanColumn(
                "caseload_ceiling",
                "Caseload ceiling",
                CellContent.WHOLE,
                f"Cases for a full-time social worker: {AS_USUAL.caseload_ceiling} when blank",
                width=32,
            ),
            PlanColumn(
                "caseload_known_days",
                "Days that caseloads are known",
                CellContent.WHOLE,
                f"How long after the month an extract can still show them: {AS_USUAL.caseload_known_days} when blank",
                width=32,
            ),
        ),
        single=True,
    ),
    PlanSheet(
        "Placement groups",
        "placement_groups",
        "Groups in which packs show placements, in order. For the usual groups, empty this sheet and the next.",
        (PlanColumn("id", "Id", help="Small letters, digits and _", width=30), PlanColumn("title", "Title", width=44)),
    ),
    PlanSheet(
        "Placements in groups",
        "placement_groups",
        "Which placements each group holds. Every code must always be in one group for all providers, and can be in "
        "others for some.",
        (
            PlanColumn("id", "Group", names_of="placement_groups", width=30),
            PlanColumn("codes", "Codes", CellContent.LIST, "A placement code, such as U1", width=14),
            PlanColumn(
                "providers", "Providers", CellContent.LIST, "Such as PR1; blank: all that no other row names", width=14
            ),
            PlanColumn(
                "from", "From month", CellContent.MONTH, "First month-end it applies to; blank: always", width=14
            ),
            PlanColumn("to", "To month", CellContent.MONTH, "Last month-end it applies to; blank: no end", width=14),
        ),
        steps="places",
    ),
)
