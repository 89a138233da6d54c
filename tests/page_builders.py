"""Rows, subjects and material of board pages, made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID
from perfpipe.measures.counts import Unit
from perfpipe.measures.words import State, Status
from perfpipe.packs.content.assessed_rows import Rows
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.row import Row
from perfpipe.plan import Plan
from tests.pack_builders import content, plan

MARCH = Month(2018, 3)


def given(measure_id: str, **fields: object) -> Row:
    """One row: 62 of 100, or 62, in March 2018, unless told otherwise."""
    measure = BY_ID[measure_id]
    percent = measure.counts.unit is Unit.PERCENT
    usual: dict[str, object] = {
        "measure_id": measure_id, "month": str(MARCH), "period": measure.periods[0].value,
        "breakdown": "all", "group": "all", "numerator": 62.0, "denominator": 100.0 if percent else None,
        "value": 0.62 if percent else 62.0, "state": State.OK, "state_reason": "", "target": "",
        "status": Status.NO_TARGET, "lower": None, "upper": None, "revised": False, "provisional": False,
        "definition_version": 1, "previous": None,
    }  # fmt: skip
    return Row(**(usual | fields))  # type: ignore[arg-type]


def scene(rows: Iterable[Row], month: Month = MARCH) -> Scene:
    """What the pages of a pack of these rows share."""
    return Scene(Rows.of(rows), month, "Exampleton", plan(), 20)


def subject(measure_id: str, **fields: object) -> Subject:
    """A measure in March 2018 with one row."""
    row = given(measure_id, **fields)
    measure = BY_ID[measure_id]
    return Subject(scene([row]), measure, measure.periods[0])


def material(rows: Iterable[Row], a_plan: Plan | None = None, **fields: object) -> Material:
    """What pages of March 2018 are made from: these rows, and a pack that says nothing else."""
    made = Scene(Rows.of(rows), MARCH, "Exampleton", a_plan or plan(), 20)
    usual: dict[str, object] = {"scene": made, "measures": tuple(BY_ID.values()), "content": content()}
    return Material(**(usual | {"day": date(2018, 4, 6)} | fields))  # type: ignore[arg-type]
