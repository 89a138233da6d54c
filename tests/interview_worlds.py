"""Extracts of missing episodes without files or runs: records in, figures of the interview measures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from perfpipe.compute import compute
from perfpipe.datasets.definition import Selects
from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure, Period
from perfpipe.months import Month, month_range
from perfpipe.readings import Reading
from perfpipe.speaking import Speaking, authority_of
from tests.rules.cases import judged

RHI = RETURN_HOME_INTERVIEWS
INTERVIEW_MEASURES = tuple(measure for measure in MEASURES if measure.dataset is RHI)
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


def typed(records: Sequence[Record], as_at: datetime) -> pd.DataFrame:
    """The typed rows of records, marked by the rules as in a run."""
    if not records:
        return RHI.empty()
    return judged(RHI.id, [dict(record) for record in records], as_at).rows


def world(
    extracts: Mapping[str, Sequence[Record]], months: Sequence[Month], folder: Path, days: int = 36, reach: int = 12
) -> Speaking:
    """The extracts of some months, each made at noon so many days after its month's end; `reach`: months it holds."""
    readings = []
    for number, (text, records) in enumerate(extracts.items()):
        month = Month.parse(text)
        made = datetime.combine(month.last_day + timedelta(days=days), time(12), UTC)
        rows = typed(records, made)
        path = folder / f"{number}.parquet"
        rows.to_parquet(path, index=False)
        readings.append(
            Reading(
                id=f"r{number}", extract_id=f"x{number}", dataset=RHI, folder=text, files=("episodes.csv",), sheet="",
                extracted_at=made, first_month=month - (reach - 1), last_month=month, selects_by=Selects.OVERLAP, declared=True,
                row_count=len(rows), received_at=made, path=path, taken_in_at=made, replaced=False,
            )
        )  # fmt: skip
    known = month_range(months[0] - 13, months[-1])
    return Speaking({RHI.id: authority_of(RHI, readings, known)}, list(months), frozenset({"exampleshire"}))


def figures(
    extracts: Mapping[str, Sequence[Record]],
    months: Sequence[str],
    measures: Sequence[Measure] = INTERVIEW_MEASURES,
    days: int = 36,
    reach: int = 12,
) -> pd.DataFrame:
    """Figures of the measures for the months from the first to the last named."""
    span = month_range(Month.parse(months[0]), Month.parse(months[-1]))
    with TemporaryDirectory() as folder:
        return compute(world(extracts, span, Path(folder), days, reach), measures)


def in_month_only(measures: Sequence[Measure]) -> list[Measure]:
    """Measures with their headline period alone, which is quicker."""
    return [replace(measure, periods=measure.periods[:1]) for measure in measures]


def value(found: pd.DataFrame, measure: str, month: str, group: str = "all", period: str | None = None) -> pd.Series:
    """One figure by measure id or code; for its first period unless another is named."""
    which = next(each for each in INTERVIEW_MEASURES if measure in (each.id, each.code))
    chosen = found[(found["measure_id"] == which.id) & (found["month"] == month) & (found["group"] == group)]
    chosen = chosen[chosen["period"] == (period or which.periods[0].value)]
    assert len(chosen) == 1, f"{len(chosen)} figures of {measure} {month} {group}"
    return chosen.iloc[0]


def number(found: pd.DataFrame, measure: str, month: str, group: str = "all", period: str | None = None) -> float:
    """The value of a count."""
    return float(value(found, measure, month, group, period)["value"])


def ratio(found: pd.DataFrame, measure: str, month: str, group: str = "all") -> tuple[float, float]:
    """Numerator and denominator."""
    figure = value(found, measure, month, group)
    return figure["numerator"], figure["denominator"]


__all__ = [
    "INTERVIEW_MEASURES",
    "Period",
    "figures",
    "in_month_only",
    "missing",
    "number",
    "ratio",
    "typed",
    "value",
    "world",
]
