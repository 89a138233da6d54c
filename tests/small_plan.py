"""The sample's plan with few measures, so that a pack of tests that ask for nothing else is soon drawn."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

import tomlkit

from perfpipe.measures import MEASURES
from perfpipe_sample import PLAN_FILE as PLAN

SHOWN = {
    "scrutiny_interviews": ["missing_episodes", "rhi_offered", "rhi_within_72h"],
    "scrutiny_placements": ["children_looked_after", "in_foster_care", "in_childrens_homes"],
    "scrutiny_retention": ["new_appointments", "retained_12_months"],
}


def small_plan(shows: Mapping[str, list[str]] = SHOWN) -> str:
    """The text of a plan of some topics with the sample's targets for their measures; all others are set apart."""
    return _text(tuple((topic, tuple(names)) for topic, names in shows.items()))


@cache
def _text(topics: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    shows = {topic: list(names) for topic, names in topics}
    whole = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    shown = [name for names in shows.values() for name in names]
    plan = {
        "title": whole["title"],
        "without_recommendation": [measure.id for measure in MEASURES if measure.id not in shown],
        "recommendations": [
            each | {"measures": shows[each["id"]]} for each in whole["recommendations"] if each["id"] in shows
        ],
        "targets": {name: target for name, target in whole["targets"].items() if name in shown},
    }
    return tomlkit.dumps(plan)
