"""Page 3: how the plan goes, by recommendation; overdue actions and open decisions with their owners."""

from __future__ import annotations

from collections import Counter

from perfpipe.packs.content.pages.cells import text_cell
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.plan_now import ActionNow, DecisionNow, actions_now, open_decisions, troubled_actions
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    Heading,
    Manner,
    TableCell,
    TableColumn,
    TableRows,
)
from perfpipe.packs.models.plan import RecommendationLine
from perfpipe.packs.wording.plan_words import brief_day, status_words
from perfpipe.phrases.counted_nouns import count_of

ON_TIME = "not yet due"


def plan_page(material: Material) -> BoardPage:
    """The page."""
    progress, scene = material.content.progress, material.scene
    troubled, decisions = troubled_actions(scene), open_decisions(scene)
    blocks: tuple[Block, ...] = (
        paragraph(f"{progress.as_at} {progress.judged_by}", Manner.LEDE),
        _recommendations(progress.lines),
        Heading("Actions overdue or off track"),
        _actions(scene, troubled) if troubled else paragraph("No action is overdue or off track."),
        Heading("Decisions still open"),
        _decisions(scene, decisions) if decisions else paragraph("No decision is open."),
    )
    return BoardPage("plan", 3, "Plan", heading(scene), blocks)


def heading(scene: Scene) -> str:
    """`15 of 26 actions done, 5 overdue`."""
    actions = actions_now(scene)
    if not actions:
        return "The plan has no actions"
    done = sum(each.state.done for each in actions)
    late = sum(each.state.overdue for each in actions)
    return f"{done} of {count_of(len(actions), 'action')} done, {late} overdue"


def _recommendations(lines: tuple[RecommendationLine, ...]) -> DataTable:
    """A row for each; where several share a name, as topics do, the title comes first."""
    times = Counter(line.name for line in lines)
    rows = tuple(
        (
            text_cell(*(line.name, line.title)[:: 1 if times[line.name] == 1 else -1], strong=True),
            text_cell(line.actions_are, line.actions),
            text_cell(line.outcomes_are, line.targets),
            text_cell(line.change),
            text_cell(line.evidence),
        )
        for line in lines
    )
    return DataTable(
        id="plan-progress",
        caption="Recommendations and topics: actions, targets and evidence",
        columns=(
            TableColumn("Recommendation", 0.34),
            TableColumn("Actions", 0.18),
            TableColumn("Targets", 0.18),
            TableColumn("Change", 0.12),
            TableColumn("Evidence", 0.18),
        ),
        groups=(TableRows("", rows),),
        is_dense=True,
    )


def _actions(scene: Scene, late: tuple[ActionNow, ...]) -> DataTable:
    return DataTable(
        id="plan-overdue",
        caption="Actions past their due date, and actions reported as off track",
        columns=(
            TableColumn("Action", 0.42),
            TableColumn("Owner", 0.24),
            TableColumn("Due", 0.16),
            TableColumn("Reported as", 0.18),
        ),
        groups=(TableRows("", tuple(_action(scene, each) for each in late)),),
        is_dense=True,
    )


def _action(scene: Scene, each: ActionNow) -> tuple[TableCell, ...]:
    action = each.action
    return (
        text_cell(f"{action.id} {action.what}", each.state.note),
        text_cell(scene.plan.role_of(action.owner)),
        _due(action.due, each.days_late),
        text_cell(status_words(each.state.status)),
    )


def _decisions(scene: Scene, decisions: tuple[DecisionNow, ...]) -> DataTable:
    rows = tuple(
        (
            text_cell(f"{each.decision.id} {each.decision.what}", f"decided on {brief_day(each.decision.meeting)}"),
            text_cell(scene.plan.role_of(each.decision.owner)),
            _due(each.decision.due, each.days_late),
        )
        for each in decisions
    )
    return DataTable(
        id="plan-decisions",
        caption="Decisions not yet carried out, earliest due date first",
        columns=(TableColumn("Decision", 0.52), TableColumn("Owner", 0.28), TableColumn("Due", 0.2)),
        groups=(TableRows("", rows),),
        is_dense=True,
    )


def _due(due: str, days_late: int) -> TableCell:
    return text_cell(brief_day(due), f"{count_of(days_late, 'day')} late" if days_late else ON_TIME)
