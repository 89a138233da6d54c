"""Page 2: what has moved since the Board last met: figures then and now, revisions, actions and decisions."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.history.last_meeting import LastMeeting
from perfpipe.measures.words import NOTHING, capital
from perfpipe.packs.content.pages.cells import movement_cell, name_cell, signed_cell, text_cell
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.plan_now import open_decisions
from perfpipe.packs.content.pages.signs import status_word
from perfpipe.packs.content.pages.texts import how_many, paragraph, plain, several, strong
from perfpipe.packs.content.pages.then_and_now import ThenFigure, dumbbells, seen_then
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.blocks import (
    Align,
    Block,
    BoardPage,
    DataTable,
    Heading,
    ItemList,
    Manner,
    TableCell,
    TableColumn,
    TableRows,
    Text,
    Words,
)
from perfpipe.packs.models.revisions import RevisionLine, RevisionTable
from perfpipe.packs.models.since import SinceMeeting
from perfpipe.packs.wording.plan_words import brief_day, long_day
from perfpipe.plan import action_status

FIRST = "This is the Board's first pack with data"
NO_MEETING = (
    "There are no figures from an earlier meeting to compare with. From the next pack on, this page has figures then "
    "and now, actions closed and late, and decisions due."
)
MOST_REVISIONS = 6
ONE_A_MEASURE = (
    "A line for each measure with a figure that has changed since the Board saw it; changes of status first."
)
NOTHING_OF_PLAN = "No action was completed or has become overdue, and no decision is open."
SAME = "No status has changed."


def since_page(material: Material) -> BoardPage:
    """The page; of a first pack it says so plainly."""
    last, since = material.last_meeting, material.content.since
    if last is None or since is None:
        blocks = (paragraph(NO_MEETING, Manner.LEDE), *revision_blocks(material.content.revisions))
        return BoardPage("since-you-met", 2, "Since you met", FIRST, blocks)
    seen = seen_then(material.targeted, last)
    picture = dumbbells(seen, since.then_label, since.now_label)
    lede = f"The Board met on {long_day(last.on)} with data to {since.then_label}."
    every: tuple[Block | None, ...] = (
        paragraph(lede, Manner.LEDE),
        paragraph(since.note, Manner.NOTE) if since.note else None,
        picture,
        Heading("Targets whose status changed"),
        _statuses(seen, since),
        *revision_blocks(material.content.revisions),
        Heading("Actions and decisions"),
        ItemList(_plan_lines(material.scene, last)),
    )
    blocks = tuple(block for block in every if block is not None)
    return BoardPage("since-you-met", 2, "Since you met", heading(material.scene, last, seen), blocks)


def heading(scene: Scene, last: LastMeeting, seen: Sequence[ThenFigure]) -> str:
    """`Eight targets changed status; one action done, four newly overdue`."""
    changed = sum(each.changed for each in seen)
    pairs = [(action_status(each, last.on), action_status(each, scene.month.last_day)) for each in scene.plan.actions]
    closed = sum(now.done and not then.done for then, now in pairs)
    late = sum(now.overdue and not then.overdue for then, now in pairs)
    statuses = f"{capital(several(changed, 'target'))} changed status"
    return f"{statuses}; {several(closed, 'action')} done, {how_many(late)} newly overdue"


def _plan_lines(scene: Scene, last: LastMeeting) -> tuple[Text, ...]:
    """Actions closed, those that have become overdue, and the decisions that are open; owners stand with the plan."""
    closed, late = [], []
    for action in scene.plan.actions:
        then, now = action_status(action, last.on), action_status(action, scene.month.last_day)
        words = Words(f" {action.id} {action.what}, due {brief_day(action.due)}.")
        closed += [(strong("Done:"), words)] if now.done and not then.done else []
        late += [(strong("Overdue:"), words)] if now.overdue and not then.overdue else []
    decisions = [
        (
            strong("Decision overdue:" if each.days_late else "Decision due:"),
            Words(f" {each.decision.id} {each.decision.what}, {brief_day(each.decision.due)}."),
        )
        for each in open_decisions(scene)
    ]
    return (*closed, *late, *decisions) or (plain(NOTHING_OF_PLAN),)


def _statuses(seen: Sequence[ThenFigure], since: SinceMeeting) -> Block:
    changed = [each for each in seen if each.changed]
    others = sum(each.newly_judged for each in seen)
    note = f"{capital(several(others, 'other target'))} could be judged at only one of the two times." if others else ""
    if not changed:
        return paragraph(" ".join(filter(None, (SAME, note))))
    rows = tuple(
        (
            name_cell(each.subject),
            each.cell,
            each.cell_now,
            signed_cell(each.status_then),
            signed_cell(status_word(each.subject)),
            movement_cell(each.subject),
        )
        for each in changed
    )
    return DataTable(
        id="since-statuses",
        caption=f"Measures whose status has changed since {since.then_label}. A status can change by chance: "
        "see the last column.",
        columns=(
            TableColumn("Measure", 0.34),
            TableColumn(since.then_label, 0.12, Align.RIGHT),
            TableColumn(since.now_label, 0.12, Align.RIGHT),
            TableColumn("Status then", 0.13),
            TableColumn("Status now", 0.13),
            TableColumn("Change", 0.16),
        ),
        groups=(TableRows("", rows),),
        note=note,
        is_dense=True,
    )


def revision_blocks(table: RevisionTable) -> tuple[Block, ...]:
    """A line for each measure whose figures of the whole authority are others: one of them, those that matter first."""
    if not table.lines:
        return Heading("Revisions"), paragraph(table.note)
    of_measures: dict[str, list[RevisionLine]] = {}
    for line in table.lines:
        if not line.part and not line.is_step:
            of_measures.setdefault(line.measure_id, []).append(line)
    chosen = [*of_measures.values()][:MOST_REVISIONS] or [[line] for line in table.lines[:MOST_REVISIONS]]
    others = len(table.lines) - len(chosen)
    more = f"{capital(several(others, 'other figure'))} changed, for other months, groups and measures: "
    return (
        Heading("Revisions"),
        DataTable(
            id="since-revisions",
            caption=ONE_A_MEASURE,
            columns=(
                TableColumn("Measure", 0.3),
                TableColumn("Month", 0.12),
                TableColumn("Seen by the Board", 0.17),
                TableColumn("Now", 0.11),
                TableColumn("Why", 0.3),
            ),
            groups=(TableRows("", tuple(_revised(lines) for lines in chosen)),),
            note=f"{more}the sheet Revisions of the workbook lists each." if others else "",
            is_dense=True,
        ),
    )


def _revised(lines: Sequence[RevisionLine]) -> tuple[TableCell, ...]:
    """The first of the figures of a measure, and of how many other months there are some."""
    first, others = lines[0], len({line.month for line in lines} - {lines[0].month})
    return (
        text_cell(first.title, first.part, link=first.measure_id),
        text_cell(first.month, f"and {several(others, 'other month')}" if others else ""),
        text_cell(first.was, first.status_before if first.status_before != NOTHING else "no status given"),
        text_cell(first.now, first.status_now),
        text_cell(first.why),
    )
