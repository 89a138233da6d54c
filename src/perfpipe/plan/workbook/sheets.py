"""The plan as sheets: which sheet holds which table, and what each of its columns holds.

Stated once, here and in `counting_sheets`: writing and reading a workbook both follow it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from perfpipe.measures.definition import Period, Polarity
from perfpipe.plan.tables import ACTION_WORDS, TYPED_PERIODS, TYPED_UNITS, ActionStatus, Audience, Grade, PackName
from perfpipe.plan.workbook.counting_sheets import COUNTING_SHEETS
from perfpipe.plan.workbook.sheet_model import CellContent, PlanColumn, PlanSheet

EXPLAINED: Final = "Read me"
MADE_FROM: Final = "Made from the plan"
YES, NO = "yes", "no"

ID = PlanColumn("id", "Id", help="Short and unique; other sheets refer to the entry by it", width=18)
RECOMMENDATION = PlanColumn("recommendation", "Recommendation", help="Its id", names_of="recommendations", width=20)
OWNER = PlanColumn("owner", "Owner", help="The id of an owner", names_of="owners")
SOURCE = PlanColumn("source", "Source", help="Where it is written down", width=44)


def _day(key: str, title: str, help_: str = "") -> PlanColumn:
    return PlanColumn(key, title, CellContent.DAY, help_, width=14)


def _choice(key: str, title: str, choices: type[StrEnum], help_: str = "") -> PlanColumn:
    return PlanColumn(key, title, help=help_, choices=tuple(choices), width=20)


SHEETS: tuple[PlanSheet, ...] = (
    PlanSheet(
        "Plan",
        "",
        "The title of the plan and the day of this revision. One row.",
        (
            PlanColumn("title", "Title", width=50),
            _day("revised_on", "Revised on", "Enter the day of your revision; no status can be later"),
            PlanColumn(
                "without_recommendation",
                "Measures under no recommendation",
                CellContent.LIST,
                "Every other measure must be under one",
                width=40,
            ),
        ),
        single=True,
    ),
    PlanSheet(
        "Owners",
        "owners",
        "Roles responsible for actions, decisions and measures.",
        (
            ID,
            PlanColumn("role", "Role", width=44),
            PlanColumn("person", "Person", help="Who holds the role; may be blank"),
        ),
    ),
    PlanSheet(
        "Recommendations",
        "recommendations",
        "The recommendations of the inspection, and the topics that Scrutiny asked about.",
        (
            ID,
            PlanColumn("title", "Title", width=54),
            PlanColumn("topic", "Scrutiny topic", CellContent.YES_NO, "yes for a topic of Scrutiny's", width=15),
            PlanColumn("measures", "Measures", CellContent.LIST, "Ids, as perfpipe measures lists them", width=32),
            PlanColumn(
                "evidence",
                "Evidence",
                width=60,
                help='Without measures it begins "no quantitative measure: evidence is"',
            ),
        ),
    ),
    PlanSheet(
        "Manual measures",
        "manual_measures",
        "Measures whose numbers are typed into a sheet, as no extract holds them yet.",
        (
            PlanColumn("id", "Id", help="Small letters, digits and _", width=30),
            PlanColumn("code", "Code", width=12),
            PlanColumn("title", "Title", width=44),
            PlanColumn("unit", "Unit", choices=TYPED_UNITS, width=12),
            _choice("polarity", "Better when", Polarity, "high, low, range (within it) or none"),
            PlanColumn("period", "Period", help="month when blank", choices=TYPED_PERIODS, width=14),
            OWNER,
            PlanColumn("definition", "Definition", width=50),
            PlanColumn("why_it_matters", "Why it matters", width=50),
            SOURCE,
            PlanColumn("groups", "Groups", CellContent.LIST, "If the numbers are also given by group", width=24),
            RECOMMENDATION,
        ),
    ),
    PlanSheet(
        "Targets",
        "targets",
        "One row for each measure that has a target; the numbers are on the sheet Target steps.",
        (
            PlanColumn("id", "Measure", help="Its id, as perfpipe measures lists it", width=30),
            RECOMMENDATION,
            SOURCE,
            PlanColumn(
                "illustrative", "Illustrative", CellContent.YES_NO, "yes for an example that was not agreed", width=14
            ),
            PlanColumn("period", "Period", help="the measure's first when blank", choices=tuple(Period), width=16),
        ),
    ),
    PlanSheet(
        "Target steps",
        "targets",
        "One row for each step of a target, the oldest first. To change a target add a row; leave the earlier ones.",
        (
            PlanColumn("id", "Measure", names_of="targets", width=30),
            PlanColumn("from", "From month", CellContent.MONTH, "The first month it applies to", width=14),
            _day("agreed_on", "Agreed on"),
            PlanColumn("target", "Target", CellContent.NUMBER, width=12),
            PlanColumn("low", "Low", CellContent.NUMBER, "Low and high for a range, in place of a target", width=12),
            PlanColumn("high", "High", CellContent.NUMBER, width=12),
            PlanColumn(
                "amber_within", "Amber within", CellContent.NUMBER, "How far off still counts as amber", width=14
            ),
            SOURCE,
        ),
        steps="steps",
    ),
    PlanSheet(
        "Actions",
        "actions",
        "What is done about each recommendation; its status is on the sheet Action history.",
        (ID, RECOMMENDATION, PlanColumn("what", "What", width=70), OWNER, _day("due", "Due")),
    ),
    PlanSheet(
        "Action history",
        "actions",
        "One row for each status of an action, the oldest first. To report add a row; leave the earlier ones.",
        (
            PlanColumn("id", "Action", names_of="actions", width=18),
            _day("on", "On"),
            _choice(
                "status", "Status", ActionStatus, ", ".join(f"{each} {words}" for each, words in ACTION_WORDS.items())
            ),
            PlanColumn("note", "Note", width=70),
        ),
        steps="history",
    ),
    PlanSheet(
        "Judgements",
        "judgements",
        "The judgements of the inspection; the grades are on the sheet Grades.",
        (ID, PlanColumn("title", "Title", width=60)),
    ),
    PlanSheet(
        "Grades",
        "judgements",
        "One row for each grade that a judgement was given, the oldest first.",
        (
            PlanColumn("id", "Judgement", names_of="judgements", width=24),
            _day("on", "On"),
            _choice("grade", "Grade", Grade),
            SOURCE,
        ),
        steps="grades",
    ),
    PlanSheet(
        "Meetings",
        "meetings",
        "Meetings, and the last month of data shown to each. Enter each date separately.",
        (
            _day("on", "On"),
            _choice("audience", "Of", Audience),
            PlanColumn("data_to", "Data to", CellContent.MONTH, width=14),
        ),
    ),
    PlanSheet(
        "Decisions",
        "decisions",
        "What meetings decided, who does it by when, and the day on which it was done.",
        (
            ID,
            _day("meeting", "Meeting", "The day of a meeting on the sheet Meetings"),
            _choice("audience", "Of", Audience, "board when blank"),
            PlanColumn("what", "What", width=70),
            OWNER,
            _day("due", "Due"),
            _day("done_on", "Done on", "Blank until it is done"),
        ),
    ),
    PlanSheet(
        "Measures",
        "measures",
        "How measures are shown. The order of rows is the order in packs; leave title or owner blank for the usual.",
        (
            PlanColumn("id", "Measure", help="Its id, as perfpipe measures lists it", width=30),
            PlanColumn("title", "Title", width=54),
            OWNER,
            PlanColumn("packs", "Packs", CellContent.LIST, f"{', '.join(PackName)}; all when blank", width=16),
        ),
    ),
    *COUNTING_SHEETS,
)
