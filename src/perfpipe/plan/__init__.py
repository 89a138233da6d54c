"""The Improvement Plan: recommendations, actions, targets, judgements, meetings and decisions, from `plan.toml`."""

from perfpipe.plan.load import load_plan
from perfpipe.plan.model import (
    Plan,
    Standing,
    action_status,
    grade_on,
    measures_shown,
    not_in_plan,
    open_decisions,
    with_extract,
)
from perfpipe.plan.tables import Action, ActionStatus, Audience, Grade, ManualMeasure, PackName, Recommendation
from perfpipe.plan.targets import Step, Target, target_ends

__all__ = [
    "Action",
    "ActionStatus",
    "Audience",
    "Grade",
    "ManualMeasure",
    "PackName",
    "Plan",
    "Recommendation",
    "Standing",
    "Step",
    "Target",
    "action_status",
    "grade_on",
    "load_plan",
    "measures_shown",
    "not_in_plan",
    "open_decisions",
    "target_ends",
    "with_extract",
]
