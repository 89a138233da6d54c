"""Extracts of missing episodes without files or runs: records in, figures of the interview measures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Selects
from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.rule_catalogue import RULES
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure, Period
from perfpipe.reconcile.speaks_for import speaks_for_months
from perfpipe.validate.left_out_rows import left_out_frame
from perfpipe.validate.reading import Reading, left_out_beside
from tests.datasets.rules.cases import judged

RHI = RETURN_HOME_INTERVIEWS
INTERVIEW_MEASURES = tuple(measure for measure in MEASURES if measure.basis.dataset is RHI)
Record = Mapping[str, object]
BLANK = {"missing_from": "01/05/2018 10:00", "returned_at": "", "interview_at": "", "offered": "", "outcome": "",
         "offered_at": "", "responsible_la": "Exampleshire"}  # fmt: skip


def missing(number: int, **values: object) -> dict[str, object]:
    """A missing episode of our own child; still missing, unless said otherwise. It begins an hour before its end."""
    given = {"episode_id": f"E{number}", "child_id": f"C{number}", **values}
    end = str(given.get("found_at") or given.get("returned_at") or "")
    if end and "missing_from" not in given:
        given["missing_from"] = f"{end[:10]} 00:01" if len(end) > 10 else end
    return BLANK | given


def world(
    extracts: Mapping[str, Sequence[Record]], months: Sequence[Month], folder: Path, days: int = 36, reach: int = 12
) -> MeasureRows:
    """The extracts of some months, each made at noon so many days after its month's end; `reach`: months it holds."""
    readings = []
    for number, (text, records) in enumerate(extracts.items()):
        month = Month.parse(text)
        made = datetime.combine(month.last_day + timedelta(days=days), time(12), UTC)
        found = judged(RHI.id, [dict(record) for record in records], made) if records else None
        rows = found.rows if found else RHI.empty()
        path = folder / f"{number}.parquet"
        rows.to_parquet(path, index=False)
        (found.left_out if found else left_out_frame(RHI).empty()).to_parquet(left_out_beside(path), index=False)
        readings.append(
            Reading(
                id=f"r{number}", extract_id=f"x{number}", dataset=RHI, folder=text, files=("episodes.csv",), sheet="",
                extracted_at=made, first_month=month - (reach - 1), last_month=month, selects_by=Selects.OVERLAP,
                declared=True, row_count=len(rows), received_at=made, path=path, taken_in_at=made, replaced=False,
                accepted=tuple(RULES),  # so that no figure is withheld for what it lost
            )
        )  # fmt: skip
    known = month_range(months[0] - 13, months[-1])
    return MeasureRows({RHI.id: speaks_for_months(RHI, readings, known)}, list(months), frozenset({"exampleshire"}))


class Figures:
    """The figures of some extracts, computed as they are asked for."""

    def __init__(
        self, extracts: Mapping[str, Sequence[Record]], months: Sequence[str], days: int = 36, reach: int = 12
    ) -> None:
        span = month_range(Month.parse(months[0]), Month.parse(months[-1]))
        self._folder = TemporaryDirectory()  # goes with the figures, which read from it when they are asked for
        self._rows = world(extracts, span, Path(self._folder.name), days, reach)
        self._made: dict[tuple[str, str], pd.DataFrame] = {}

    def of(self, measure: Measure, period: Period) -> pd.DataFrame:
        """All figures of a measure for a period."""
        key = (measure.id, period)
        if key not in self._made:
            self._made[key] = compute(self._rows, [replace(measure, periods=(period,))])
        return self._made[key]

    def value(self, name: str, month: str, group: str = "all", period: Period | None = None) -> pd.Series:
        """One figure by measure id or code; for its first period unless another is named."""
        measure = next(each for each in INTERVIEW_MEASURES if name in (each.id, each.code))
        found = self.of(measure, period or measure.periods[0])
        chosen = found[(found["month"] == month) & (found["group"] == group)]
        assert len(chosen) == 1, f"{len(chosen)} figures of {name} {month} {group}"
        return chosen.iloc[0]

    def number(self, name: str, month: str, group: str = "all", period: Period | None = None) -> float:
        """The value of a count."""
        return float(self.value(name, month, group, period)["value"])

    def ratio(self, name: str, month: str, group: str = "all") -> tuple[float, float]:
        """Numerator and denominator."""
        figure = self.value(name, month, group)
        return figure["numerator"], figure["denominator"]
