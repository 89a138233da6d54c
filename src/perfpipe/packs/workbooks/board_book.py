"""Write the board workbook: cover, need to know, the plan, a sheet a topic, every figure in one table, notes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.dates.months import Month, month_range
from perfpipe.measures.words import NOTHING, capital
from perfpipe.packs.models.pack import MeasurePage, PackContent, Series
from perfpipe.packs.wording.numbers import short_month
from perfpipe.packs.workbooks.cells import (
    CellEntry,
    Value,
    facts,
    heading,
    set_up_print,
    table,
    title,
    two_pages_wide,
    widths,
)
from perfpipe.packs.workbooks.commentary_sheet import COMMENTARY, add_commentary_sheet
from perfpipe.packs.workbooks.data_quality import add_data_quality
from perfpipe.packs.workbooks.data_sheet import add_data_sheet
from perfpipe.packs.workbooks.definitions_sheet import DEFINITIONS, add_definitions_sheet
from perfpipe.packs.workbooks.figure_cells import lone_entry
from perfpipe.packs.workbooks.page_sheet import add_page_sheet
from perfpipe.packs.workbooks.plan_sheets import PLAN_SHEETS, add_plan_sheets, plan_sheets
from perfpipe.packs.workbooks.revisions_sheet import REVISIONS, add_revisions_sheet
from perfpipe.packs.workbooks.since_sheet import add_since_sheet
from perfpipe.packs.workbooks.topic_sheets import Topic, add_topic_sheet, topics_of
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.stable_workbooks import save_workbook

COVER, NEED_TO_KNOW, SINCE, MEASURES = "Cover", "Need to know", "Since you met", "Measures"
DATA_QUALITY, DATA, NOTES = "Data quality", "Data", "Notes"
SAID = "What owners say of their measures: cause, action, question"
RECENT_MONTHS = 6
COMPARED_WIDTH = 20  # with it both pages of the sheet of all measures are as wide
MEASURES_SCALE = 56  # per cent, on two pages: on one, the type would be too small to read
LONGEST_NAME = 31  # letters in the name of a sheet


def write_workbook(content: PackContent, charts: Mapping[str, bytes], path: Path) -> None:
    """Write the pack as a workbook. `charts` has the PNG of every chart by its name."""
    workbook = Workbook()
    topics = topics_of(content)
    sheets = sheet_names([(topic.title, topic.title) for topic in topics])
    names = {page.measure_id: sheets[topic.title] for topic in topics for page in topic.pages}
    _cover(workbook.active, content, topics, sheets)
    _need_to_know(workbook.create_sheet(NEED_TO_KNOW), content, names)
    if content.commentary.words:
        add_commentary_sheet(workbook.create_sheet(COMMENTARY), content, names, COVER)
    add_since_sheet(workbook.create_sheet(SINCE), content, names, COVER)
    add_plan_sheets(workbook, content, names, charts, COVER)
    _measures(workbook.create_sheet(MEASURES), content, names)
    for number, topic in enumerate(topics, 1):
        add_topic_sheet(workbook.create_sheet(sheets[topic.title]), topic, number, content, COVER, charts)
    add_revisions_sheet(workbook.create_sheet(REVISIONS), content.revisions, content.audience, COVER, names)
    add_data_quality(workbook.create_sheet(DATA_QUALITY), content, COVER)
    add_definitions_sheet(workbook.create_sheet(DEFINITIONS), content, COVER)
    add_data_sheet(workbook.create_sheet(DATA), content, COVER)
    _notes(workbook.create_sheet(NOTES), content)
    if content.marking:
        for sheet in workbook:
            sheet["A1"].value = f"{content.marking}. {sheet['A1'].value}"
    properties = workbook.properties
    properties.title = f"{content.title}: {content.authority}"
    properties.subject, properties.language = content.audience, "en-GB"
    properties.creator = content.authority
    save_workbook(workbook, path)


def sheet_names(pages: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The name of each sheet by its id: as wanted, as far as Excel allows it, and unique."""
    names: dict[str, str] = {}
    fixed = (
        COVER,
        NEED_TO_KNOW,
        COMMENTARY,
        REVISIONS,
        SINCE,
        *PLAN_SHEETS,
        MEASURES,
        DATA_QUALITY,
        DEFINITIONS,
        DATA,
        NOTES,
    )
    taken = {name.casefold() for name in fixed}
    for page_id, wanted in pages:
        plain = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip() or page_id
        name, number = plain if len(plain) <= LONGEST_NAME else _cut(plain), 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: LONGEST_NAME - 4]} {number}"
        taken.add(name.casefold())
        names[page_id] = name
    return names


def _cut(words: str) -> str:
    """Whole words as far as they fit; the letters of a word that is too long alone."""
    fitting = textwrap.shorten(words, LONGEST_NAME, placeholder="")
    return re.sub(r"( (and|of|the|in|at|to))+$", "", fitting) or words[:LONGEST_NAME]


def _cover(sheet: Worksheet, content: PackContent, topics: Sequence[Topic], names: Mapping[str, str]) -> None:
    sheet.title = COVER
    widths(sheet, 28, 110)
    row = title(sheet, content.title)
    lines: list[tuple[str, Value]] = [
        ("Authority", content.authority),
        ("For", CellEntry(content.audience, strong=True)),
        ("Plan", content.plan_title),
        ("Data to", f"the end of {content.month_label}"),
        ("Deliveries known at", content.known_at),
        ("Fingerprint", content.fingerprint),
        *([("Run again because", content.reason)] if content.reason else []),
        ("Owners’ words", content.commentary.note),
    ]
    row = heading(sheet, facts(sheet, row, lines) + 1, "Contents")
    told = {
        NEED_TO_KNOW: "The first page: what is asked, what is worse and better, targets, what cannot be said",
        **({COMMENTARY: SAID} if content.commentary.words else {}),
        SINCE: "Figures, actions and decisions since the Board last met",
        **plan_sheets(content),
        MEASURES: "A line for each measure: latest figure, target, status, change, months",
        **{names[topic.title]: _holds(topic) for topic in topics},
        REVISIONS: "Figures that are not what the Board saw last, and why",
        DATA_QUALITY: "Extracts received and missing; faults opened and cleared, what they do; corrections",
        DEFINITIONS: "What each measure counts, why it matters, its owner, and the command that lists its records",
        DATA: "Every figure in one table: month, period, group, counts, value, target, status",
        NOTES: "Symbols, statuses, rounding, revisions and intervals",
    }
    contents: list[list[Value]] = [[CellEntry(name, link=name), holds] for name, holds in told.items()]
    table(sheet, row, "Contents", ["Sheet", "What it holds"], contents)
    set_up_print(sheet, content.audience, "1:1")


def _holds(topic: Topic) -> str:
    tables = ", ".join(f"{each.title[0].lower()}{each.title[1:]}" for each in topic.tables)
    measures = f"{count_of(len(topic.pages), 'measure')} month by month" if topic.pages else ""
    return capital("; ".join(filter(None, (measures, tables))))


def _need_to_know(sheet: Worksheet, content: PackContent, names: Mapping[str, str]) -> None:
    if content.board_pages:
        add_page_sheet(sheet, content.board_pages[0], COVER, names)
    set_up_print(sheet, content.audience, "1:1")


def _measures(sheet: Worksheet, content: PackContent, names: Mapping[str, str]) -> None:
    last = Month.parse(content.month)
    recent = [short_month(str(month)) for month in month_range(last - (RECENT_MONTHS - 1), last)]
    scores = (9, 26, 13, 10, 19, 13, 13, 18, 27, 22, 20)
    compared = any(series.comparators for page in content.pages for series in page.series)
    widths(sheet, *scores, *([11] * len(recent)), 44, 22, 30, *([COMPARED_WIDTH] if compared else []))
    row = title(sheet, f"All measures: {content.month_label}", COVER) + 1
    headers = [
        "Code",
        "Measure",
        "Period",
        "Good is",
        "Latest",
        "Target",
        "Status",
        "Against target",
        "Variation",
        "Assurance",
        "Change",
    ]
    headers += [*recent, "Recommendation or topic", "Owner", "Target from", *(["Compared with"] if compared else [])]
    rows = [
        [*_scores(page, series, names, recent), *([_elsewhere(series)] if compared else [])]
        for page in content.pages
        for series in page.series
    ]
    table(sheet, row, "Measures", headers, rows)
    sheet.freeze_panes = sheet.cell(row + 1, 3)
    set_up_print(sheet, content.audience, f"{row}:{row}")
    two_pages_wide(sheet, len(scores), "A:B", MEASURES_SCALE)


def _elsewhere(series: Series) -> str:
    return series.comparators.brief if series.comparators else NOTHING


def _scores(page: MeasurePage, series: Series, names: Mapping[str, str], recent: list[str]) -> list[Value]:
    latest = series.latest
    figures = {point.label: point.figure for point in series.points}
    return [
        CellEntry(page.code, link=names[page.measure_id]),
        page.title,
        series.period_title,
        page.good_is,
        latest.figure.full,
        latest.target,
        latest.status,
        series.against_target,
        series.variation,
        series.assurance,
        series.change,
        *(lone_entry(figures[month]) if month in figures else NOTHING for month in recent),
        "\n".join(page.serves) or "None in the plan",
        page.owner,
        series.target_source,
    ]


def _notes(sheet: Worksheet, content: PackContent) -> None:
    widths(sheet, 30, 110)
    row = title(sheet, "Notes and definitions", COVER) + 1
    rows: list[list[Value]] = [[CellEntry(note.term, strong=True), note.meaning] for note in content.notes]
    table(sheet, row, "Notes", ["Term or symbol", "What it means"], rows)
    set_up_print(sheet, content.audience, "1:1")
