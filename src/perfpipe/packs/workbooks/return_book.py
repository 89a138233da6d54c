"""Write the quarterly return as a workbook: recommendations, actions, measures, decisions, targets, rules."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.dates.months import LONDON, Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.words import GOOD_IS, NOTHING, STATUS_WORDS, capital
from perfpipe.packs.models.quarterly_return import Cell, MeasureLine, PlanReturn, StepLine
from perfpipe.packs.wording.numbers import short_month, unit_in_brief
from perfpipe.packs.wording.plan_words import long_day, titled
from perfpipe.packs.wording.sentences import PERIOD_TITLES
from perfpipe.packs.workbooks.cells import (
    CellEntry,
    Value,
    facts,
    heading,
    put,
    set_up_print,
    table,
    title,
    two_pages_wide,
    widths,
)
from perfpipe.packs.workbooks.figure_cells import lone_entry, value_entry
from perfpipe.packs.workbooks.return_rules import add_rules
from perfpipe.plan import ActionStatus, DecisionIs, Recommendation
from perfpipe.stable_workbooks import save_workbook

FRONT, RECOMMENDATIONS, ACTIONS, MEASURES = "Front", "Recommendations", "Actions", "Measures"
JUDGEMENTS, DECISIONS, RULES, TARGETS = "Judgements", "Decisions", "Rules", "Changes to targets"
HOLDS = (
    (RECOMMENDATIONS, "What actions and measures come to under each recommendation and topic, and the evidence"),
    (JUDGEMENTS, "The judgements of the inspection, and the grade in force on the day"),
    (ACTIONS, "Every action: owner, due date, status as at the day, since when, note, whether overdue"),
    (MEASURES, "Every measure under its recommendation: the months, the quarter, target, status, change"),
    (DECISIONS, "What meetings decided by the day, and whether it is done"),
    (TARGETS, "Every target: since when, agreed when, on whose authority; what changed in the plan"),
    (RULES, "How progress is rolled up, and what statuses and symbols mean"),
)
MEASURES_SCALE = 56  # per cent, on two pages: on one, the type would be too small to read


def write_return_book(content: PlanReturn, path: Path) -> None:
    """Write the workbook. The same content always gives the same bytes."""
    workbook = Workbook()
    _front(workbook.active, content)
    _recommendations(workbook.create_sheet(RECOMMENDATIONS), content)
    _judgements(workbook.create_sheet(JUDGEMENTS), content)
    _actions(workbook.create_sheet(ACTIONS), content)
    _measures(workbook.create_sheet(MEASURES), content)
    _decisions(workbook.create_sheet(DECISIONS), content)
    _targets(workbook.create_sheet(TARGETS), content)
    add_rules(workbook.create_sheet(RULES), content, FRONT)
    properties = workbook.properties
    properties.title = f"Progress against the plan, {content.quarter_label}: {content.authority}"
    properties.subject, properties.language, properties.creator = content.marking, "en-GB", content.authority
    save_workbook(workbook, path)


def _front(sheet: Worksheet, content: PlanReturn) -> None:
    sheet.title = FRONT
    widths(sheet, 28, 110)
    row = title(sheet, f"Progress against the plan: {content.quarter_label}")
    origin = content.origin
    lines: list[tuple[str, Value]] = [
        ("Authority", content.authority),
        ("Marking", CellEntry(content.marking, strong=True)),
        ("Quarter", f"{content.quarter} (quarters of the financial year, April to March)"),
        ("As at", _day(content.as_at.isoformat())),
        ("Plan", content.plan_title),
        ("Plan revised on", _day(content.revised_on) if content.revised_on else "the plan does not say"),
        ("Hash of the plan", origin.plan_sha256),
        ("Which plan", origin.plan_chosen),
        ("Statuses of actions", origin.actions_from),
        ("Figures", f"as published by run {origin.run_id} of {Month.parse(origin.run_month).label}"),
        ("Deliveries known at", _instant(origin.known_at)),
        ("Fingerprint of the run", origin.run_fingerprint),
    ]
    row = heading(sheet, facts(sheet, row, lines) + 1, "Contents")
    contents: list[list[Value]] = [[CellEntry(name, link=name), words] for name, words in HOLDS]
    table(sheet, row, "Contents", ["Sheet", "What it holds"], contents)
    set_up_print(sheet, content.marking, "1:1")


def _recommendations(sheet: Worksheet, content: PlanReturn) -> None:
    widths(sheet, 20, 40, 13, 14, 7, 8, 8, 7, 11, 10, 7, 7, 9, 62)
    row = title(sheet, "Recommendations and topics", FRONT) + 1
    headers = ["Recommendation", "What it asks", "Actions are", "Outcomes are", "Blue", "Green", "Amber", "Red",
               "Not reported", "Overdue", "Met", "Near", "Missed", "In words, and the evidence"]  # fmt: skip
    rows: list[list[Value]] = []
    for each in content.progress:
        of = each.recommendation
        numbers = [*(each.actions[status] for status in ActionStatus), each.actions[None], len(each.overdue)]
        numbers += [len(each.met), len(each.near), len(each.missed)]
        words = each.sentence + (f"\nEvidence: {each.evidence}" if each.evidence else "")
        first: list[Value] = [
            "Scrutiny topic" if of.topic else _named(of),
            titled(of),
            capital(each.actions_are),
            capital(each.outcomes_are),
        ]
        rows.append([*first, *(CellEntry(number, "0") for number in numbers), words])
    table(sheet, row, "Recommendations", headers, rows)
    _print(sheet, content, row)


def _judgements(sheet: Worksheet, content: PlanReturn) -> None:
    widths(sheet, 60, 28, 16, 76)
    row = title(sheet, f"Judgements of the inspection as at {long_day(content.as_at)}", FRONT) + 1
    rows: list[list[Value]] = [
        [line.judgement.title, capital(line.given.grade.replace("_", " ")), _day(line.given.on), line.given.source]
        if line.given
        else [line.judgement.title, "Not graded", "", ""]
        for line in content.judgements
    ]
    headers = ["Judgement", "Grade", "Since", "Given by"]
    table(sheet, row, "Judgements", headers, rows or [["None in the plan", *([NOTHING] * 3)]])
    _print(sheet, content, row)


def _actions(sheet: Worksheet, content: PlanReturn) -> None:
    widths(sheet, 9, 24, 54, 38, 13, 14, 13, 36, 11)
    row = title(sheet, f"Actions as at {long_day(content.as_at)}", FRONT) + 1
    names = {each.recommendation.id: _named(each.recommendation) for each in content.progress}
    headers = ["Action", "Recommendation", "What", "Owner", "Due", "Reported as", "Since", "Note", "Overdue"]
    rows: list[list[Value]] = []
    for line in content.actions:
        action, at = line.action, line.standing
        status = capital(at.status) if at.status else "Not reported"
        late = CellEntry("Overdue", strong=True) if at.overdue else "No"
        rows.append([action.id, names[action.recommendation], action.what, line.role, _day(action.due), status,
                     _day(at.since), at.note, late])  # fmt: skip
    table(sheet, row, "Actions", headers, rows or [["None in the plan", *([NOTHING] * 8)]])
    _print(sheet, content, row)


def _measures(sheet: Worksheet, content: PlanReturn) -> None:
    first_page = (24, 9, 38, 16, 12, 11, 29, 15, 15, 13, 13)
    widths(sheet, *first_page, 17, 13, 48, 34)
    row = title(sheet, f"Measures to {Month.parse(content.months[-1]).label}", FRONT) + 1
    names = {each.recommendation.id: _named(each.recommendation) for each in content.progress}
    headers = ["Recommendation", "Code", "Measure", "Period", "Unit", "Good is", "Latest, in words",
               *map(short_month, content.months), "Quarter", "Target", "Status", "On whose authority",
               "Change"]  # fmt: skip
    rows = [_measure(line, names[line.recommendation]) for line in content.measures]
    table(sheet, row, "Measures", headers, rows or [["None in the plan", *([NOTHING] * (len(headers) - 1))]])
    sheet.freeze_panes = sheet.cell(row + 1, 4)
    _print(sheet, content, row)
    two_pages_wide(sheet, len(first_page), "A:C", MEASURES_SCALE)


def _measure(line: MeasureLine, recommendation: str) -> list[Value]:
    step = line.step
    told = ""
    if step:
        agreed = long_day(step.agreed_on)
        told = f"{line.target_source}; from {step.from_month.label}, agreed on {agreed}"
    return [
        recommendation,
        line.code,
        line.title,
        PERIOD_TITLES[line.period],
        unit_in_brief(line.unit or Unit.COUNT),
        capital(GOOD_IS[line.polarity]) if line.polarity else NOTHING,
        line.latest.figure.full,
        *(_number(cell) for cell in line.months[:-1]),
        value_entry(line.latest.figure),  # its counts stand beside it, in words
        _number(line.quarter),
        line.target,
        capital(STATUS_WORDS[line.latest.row.status]),
        told or "No target in the plan",
        capital(line.change),
    ]


def _number(cell: Cell | None) -> Value:
    return lone_entry(cell.figure) if cell else NOTHING


def _decisions(sheet: Worksheet, content: PlanReturn) -> None:
    widths(sheet, 11, 14, 12, 70, 44, 14, 14, 12)
    row = title(sheet, f"Decisions by {long_day(content.as_at)}", FRONT) + 1
    headers = ["Decision", "Meeting", "Of the", "What", "Owner", "Due", "Done on", "State"]
    rows: list[list[Value]] = [
        [line.decision.id, _day(line.decision.meeting), capital(line.decision.audience), line.decision.what, line.role,
         _day(line.decision.due), _day(line.decision.done_on or "") if line.state is DecisionIs.DONE else "",
         capital(line.state)]
        for line in content.decisions
    ]  # fmt: skip
    table(sheet, row, "Decisions", headers, rows or [["None by then", *([NOTHING] * 7)]])
    _print(sheet, content, row)


def _targets(sheet: Worksheet, content: PlanReturn) -> None:
    widths(sheet, 9, 42, 20, 12, 13, 16, 16, 21, 50, 11)
    row = title(sheet, "Targets and what changed", FRONT) + 1
    headers = ["Code", "Measure", "Period", "In force from", "Agreed on", "Target", "Before", "Near within",
               "On whose authority", "In force"]  # fmt: skip
    rows = [_step(line) for line in content.steps]
    end = table(sheet, row, "Targets", headers, rows or [["None in the plan", *([NOTHING] * (len(headers) - 1))]])
    before = content.before
    end = heading(sheet, end + 1, f"What changed in the plan since {before.named}" if before.named else "What changed")
    if before.changes is None:
        told: tuple[str, ...] = ("No earlier revision of the plan is saved, so its changes cannot be listed.",)
    else:
        told = before.changes or ("Nothing.",)
    for number, words in enumerate(told, end):
        put(sheet, number, 1, capital(words), wrap=False)
    _print(sheet, content, row)


def _step(line: StepLine) -> list[Value]:
    step = line.step
    since = CellEntry(step.from_month.first_day, "mmm yyyy")
    return [line.code, line.title, line.period_title, since, _day(step.agreed_on), line.target, line.before or NOTHING,
            line.tolerance, line.source, line.in_force]  # fmt: skip


def _print(sheet: Worksheet, content: PlanReturn, row: int) -> None:
    set_up_print(sheet, content.marking, f"{row}:{row}")


def _named(of: Recommendation) -> str:
    return f"Topic: {titled(of)}" if of.topic else f"Recommendation {of.id}"


def _day(day: str) -> Value:
    return CellEntry(date.fromisoformat(day), "d mmm yyyy") if day else ""


def _instant(known_at: str) -> str:
    if not known_at:
        return "nothing had been received"
    local = datetime.fromisoformat(known_at).astimezone(LONDON)
    return f"{long_day(local.date())}, {local:%H:%M}"
