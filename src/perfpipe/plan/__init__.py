"""The Improvement Plan: recommendations, actions, targets, judgements, meetings and decisions, from `plan.toml`."""

from perfpipe.plan.load import load_plan
from perfpipe.plan.model import (
    ActionState,
    DecisionIs,
    Plan,
    action_status,
    decisions_on,
    grades_by,
    measures_shown,
    not_in_plan,
    with_extract,
)
from perfpipe.plan.tables import Action, ActionStatus, Audience, Grade, ManualMeasure, PackName, Recommendation
from perfpipe.plan.targets import Target, TargetStep

__all__ = [
    "Action",
    "ActionState",
    "ActionStatus",
    "Audience",
    "DecisionIs",
    "Grade",
    "ManualMeasure",
    "PackName",
    "Plan",
    "Recommendation",
    "Target",
    "TargetStep",
    "action_status",
    "decisions_on",
    "grades_by",
    "load_plan",
    "measures_shown",
    "not_in_plan",
    "with_extract",
]
