"""The quarterly return as data: the shape of `plan_return.json`, as docs/quarterly-return.md describes it.

Keys are stable: one is added without a new version, and taken away or given another meaning only with one.
"""

from __future__ import annotations

import json

from perfpipe.measures.words import capital
from perfpipe.packs.models.quarterly_return import (
    Cell,
    MeasureLine,
    Origin,
    PlanReturn,
    ReturnAction,
    ReturnDecision,
    ReturnJudgement,
    StepLine,
)
from perfpipe.packs.models.row import Row
from perfpipe.plan import DecisionIs
from perfpipe.plan.progress import Progress, rules_printed
from perfpipe.plan.tables import OVERDUE_MEANS, STATUS_MEANS

SHAPE, SHAPE_VERSION = "perfpipe plan return", 2


def return_text(content: PlanReturn) -> str:
    """The text of the data file. The same content always gives the same text."""
    return json.dumps(return_data(content), indent=1, ensure_ascii=False) + "\n"


def return_data(content: PlanReturn) -> dict[str, object]:
    """The return as tables and lists; days are YYYY-MM-DD, months YYYY-MM, proportions 0 to 1, no figure is null."""
    before = content.before
    return {
        "shape": SHAPE,
        "shape_version": SHAPE_VERSION,
        "authority": content.authority,
        "marking": content.marking,
        "quarter": content.quarter,
        "months": list(content.months),
        "as_at": content.as_at.isoformat(),
        "plan": _plan(content),
        "run": _run(content.origin),
        "low_base": content.low_base,
        "recommendations": [_recommendation(each) for each in content.progress],
        "judgements": [_judgement(line) for line in content.judgements],
        "actions": [_action(each) for each in content.actions],
        "measures": [_measure(each) for each in content.measures],
        "decisions": [_decision(each) for each in content.decisions],
        "target_steps": [_step(each) for each in content.steps],
        "plan_before": before.named or None,
        "plan_changes": None if before.changes is None else list(before.changes),
        "rules": list(rules_printed()),
        "statuses": {str(status): means for status, means in STATUS_MEANS.items()} | {"overdue": OVERDUE_MEANS},
    }


def _plan(content: PlanReturn) -> dict[str, object]:
    return {
        "title": content.plan_title,
        "revised_on": content.revised_on or None,
        "sha256": content.origin.plan_sha256,
        "chosen": content.origin.plan_chosen,
        "actions_from": content.origin.actions_from,
    }


def _run(origin: Origin) -> dict[str, object]:
    return {
        "id": origin.run_id,
        "month": origin.run_month,
        "fingerprint": origin.run_fingerprint,
        "known_at": origin.known_at or None,
        "code_version": origin.code_version,
    }


def _judgement(line: ReturnJudgement) -> dict[str, object]:
    return {
        "id": line.judgement.id,
        "title": line.judgement.title,
        "grade": capital(line.given.grade.replace("_", " ")) if line.given else None,
        "since": line.given.on if line.given else None,
        "source": line.given.source if line.given else None,
    }


def _recommendation(each: Progress) -> dict[str, object]:
    of = each.recommendation
    return {
        "id": of.id,
        "title": of.title,
        "topic": of.topic,
        "actions_are": str(each.actions_are),
        "outcomes_are": str(each.outcomes_are),
        "sentence": each.sentence,
        "evidence": each.evidence or None,
        "actions": {str(status) if status else "not_reported": number for status, number in each.actions.items()},
        "overdue": [late.action.id for late in each.overdue],
        "met": list(each.met),
        "near": list(each.near),
        "missed": list(each.missed),
        "not_decided": list(each.not_decided),
        "without_target": list(each.without_target),
        "without_figure": list(each.without_figure),
        "improving": list(each.improving),
        "worsening": list(each.worsening),
    }


def _action(line: ReturnAction) -> dict[str, object]:
    action, standing = line.action, line.standing
    return {
        "id": action.id,
        "recommendation": action.recommendation,
        "what": action.what,
        "owner": action.owner,
        "role": line.role,
        "due": action.due,
        "status": str(standing.status) if standing.status else None,
        "since": standing.since or None,
        "note": standing.note or None,
        "overdue": standing.overdue,
    }


def _measure(line: MeasureLine) -> dict[str, object]:
    step = line.step
    return {
        "recommendation": line.recommendation,
        "measure": line.measure_id,
        "code": line.code,
        "title": line.title,
        "unit": line.unit,
        "polarity": line.polarity,
        "owner": line.owner or None,
        "period": str(line.period),
        "target": line.latest.row.target or None,
        "target_shown": line.target,
        "target_from": str(step.from_month) if step else None,
        "target_agreed_on": step.agreed_on if step else None,
        "target_source": line.target_source or None,
        "status": line.latest.row.status,
        **_movement(line.latest.row),
        "change": line.change,
        "months": [_cell(cell) if cell else None for cell in line.months],
        "quarter": _cell(line.quarter) if line.quarter else None,
    }


def _movement(row: Row) -> dict[str, object]:
    return {
        "movement": row.movement,
        "movement_by": row.movement_by,
        "movement_since": row.movement_since or None,
        "movement_is_sure": row.movement_is_sure,
        "movement_reason": row.movement_reason or None,
        "year_movement": row.year_movement,
        "year_month": row.year_month or None,
        "year_value": row.year_value,
    }


def _cell(cell: Cell) -> dict[str, object]:
    row, figure = cell.row, cell.figure
    return {
        "month": row.month,
        "period": row.period,
        "state": row.state,
        "reason": row.state_reason or None,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "shown": figure.shown,
        "in_words": figure.full,
        "target": row.target or None,
        "status": row.status,
        **_movement(row),
        "provisional": row.provisional,
        "low_base": figure.low_base,
        "left_out": figure.left_out or None,
    }


def _decision(line: ReturnDecision) -> dict[str, object]:
    each = line.decision
    return {
        "id": each.id,
        "meeting": each.meeting,
        "audience": str(each.audience),
        "what": each.what,
        "owner": each.owner,
        "role": line.role,
        "due": each.due,
        "done_on": each.done_on if line.state is DecisionIs.DONE else None,
        "state": str(line.state),
    }


def _step(line: StepLine) -> dict[str, object]:
    step = line.step
    return {
        "recommendation": line.recommendation,
        "measure": line.measure_id,
        "code": line.code,
        "from": str(step.from_month),
        "agreed_on": step.agreed_on,
        "target": step.written,
        "amber_within": str(step.amber_within),
        "shown": line.target,
        "source": line.source,
        "in_force": line.in_force.lower(),
    }
