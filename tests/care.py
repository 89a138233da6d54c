"""Episodes of care as typed rows, and the figures that extracts of them give, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.derived_rows import derived_rows
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Selects
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.dates.months import Month, month_range
from perfpipe.measures import MEASURES
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.places import Places

PL = [measure for measure in MEASURES if measure.basis.dataset is PLACEMENTS]
Row = Mapping[str, Any]
USUAL = {
    "child_id": "C1", "dob": date(2006, 5, 1), "new_episode_reason_code": "S", "legal_status_code": "C2",
    "placement_code": "U6", "provider_code": "PR1", "placement_postcode": "ZZ1 1AA", "home_postcode": "ZZ2 2AA",
}  # fmt: skip


def stay(start: str, end: str = "", **values: Any) -> Row:
    """An episode of care from one day (yyyy-mm-dd) to another, by default with own foster carers."""
    ended = {"ceased_on": date.fromisoformat(end), "cease_reason_code": "X1"} if end else {}
    return USUAL | {"started_on": date.fromisoformat(start)} | ended | values


def typed(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows with the columns and dtypes of the dataset."""
    frame = pd.DataFrame([dict(row) for row in rows]).reindex(columns=list(PLACEMENTS.dtypes))
    frame["source_row"] = range(2, len(frame) + 2)
    frame["defects"] = ""
    return frame.astype(PLACEMENTS.dtypes)


def measure_rows(
    extracts: Sequence[tuple[str, str, Sequence[Row]]],
    first: str,
    last: str,
    places: Places | None = None,
    made: Sequence[str] = (),
) -> MeasureRows:
    """What speaks when each extract (first month, last month, rows) covers its months and the later ones win.

    `made`: the days on which they were made; by default one after the other in 2030.
    """
    by_month: dict[Month, Any] = {}
    parts = [PLACEMENTS.empty().assign(reading_id=pd.Series([], dtype="str"))]
    order = []
    for number, (since, until, rows) in enumerate(extracts):
        at = datetime.fromisoformat(made[number]) if made else datetime(2030, 1, 1 + number)
        reading = SimpleNamespace(
            id=f"r{number}",
            selects_by=Selects.OVERLAP,
            extracted_at=at.replace(tzinfo=UTC),
        )
        order.append((reading, month_range(Month.parse(since), Month.parse(until))))
        parts.append(typed(rows).assign(reading_id=reading.id, as_at=pd.Timestamp(reading.extracted_at)))
    for reading, months in sorted(order, key=lambda item: item[0].extracted_at):
        by_month |= dict.fromkeys(months, reading)
    rows = pd.concat(parts, ignore_index=True).astype(PLACEMENTS.dtypes)
    if places is not None:
        rows = PLACEMENTS.locate(rows, places.table)
    speaks_for = SpeaksFor(PLACEMENTS, by_month, [])
    rows = derived_rows(speaks_for, rows).assign(hosted=False)
    return MeasureRows(
        {"placements": speaks_for},
        month_range(Month.parse(first), Month.parse(last)),
        frozenset({"exampleshire"}),
        _rows={"placements": rows},
        _left_out={"placements": pd.DataFrame()},
    )


def figures(extracts: Sequence[tuple[str, str, Sequence[Row]]], first: str, last: str, **more: Any) -> pd.DataFrame:
    """All placement figures of some months."""
    return compute(measure_rows(extracts, first, last, **more), PL)


def value(found: pd.DataFrame, code: str, month: str, group: str = "all", period: str = "") -> tuple[float, float]:
    """Numerator and denominator of one figure; with `period`, of that one."""
    chosen = found[(found["code"] == code) & (found["month"] == month) & (found["group"] == group)]
    chosen = chosen[chosen["period"] == period] if period else chosen
    assert len(chosen) == 1, f"{len(chosen)} figures"
    return chosen.iloc[0]["numerator"], chosen.iloc[0]["denominator"]
