"""The measures that a plan declares to be typed by hand, as measures like any other."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.manual_measures import MANUAL_MEASURES
from perfpipe.measures.counts import Unit, count, share
from perfpipe.measures.definition import Basis, Breakdown, Display, Measure
from perfpipe.measures.in_force import measures_in_force
from perfpipe.plan.model import Plan
from perfpipe.plan.tables import ManualMeasure

if TYPE_CHECKING:
    import pandas as pd

GROUP = "group"


def all_measures(plan: Plan) -> tuple[Measure, ...]:
    """The measures of the catalogue as the plan has them count and, after them, those that it declares."""
    return (
        *measures_in_force(plan.counting, plan.placement_groups),
        *(_measure(plan, declared) for declared in plan.manual_measures),
    )


def _measure(plan: Plan, declared: ManualMeasure) -> Measure:
    percent = declared.unit is Unit.PERCENT
    share_typed = share(typed_rows, of=typed_rows, weight="denominator", numerator_weight="numerator")
    groups = (Breakdown(GROUP, "Group", {name: name for name in declared.groups}),) if declared.groups else ()
    return Measure(
        id=declared.id,
        code=declared.code,
        title=declared.title,
        basis=Basis(MANUAL_MEASURES, rows=partial(_rows_of, declared.id, declared.groups), stated=True),
        periods=(declared.period,),
        counts=share_typed if percent else count(typed_rows, weight="numerator"),
        shown=Display(declared.polarity, groups),
        owner=plan.role_of(declared.owner),
        why_it_matters=declared.why_it_matters,
        definition=declared.definition,
        source=declared.source,
        version=_version(declared),
    )


def _rows_of(measure_id: str, groups: tuple[str, ...], rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that were typed for one measure and the groups it has, or for the whole if it has none."""
    wanted = rows[GROUP].isin(groups) if groups else rows[GROUP].isna()
    own = rows[(rows["measure_id"] == measure_id) & wanted]
    return own.astype({"numerator": "float64", "denominator": "float64"})


def typed_rows(rows: pd.DataFrame) -> pd.Series[bool]:
    """The numbers typed for the month, of all groups."""
    return rows["numerator"].notna()


def _version(declared: ManualMeasure) -> int:
    """A number that changes when what is counted is declared otherwise: its words, unit, period or groups."""
    counted = [declared.definition, declared.unit, declared.period, *declared.groups]
    return int(hashlib.sha256(json.dumps(counted).encode()).hexdigest()[:6], 16)
