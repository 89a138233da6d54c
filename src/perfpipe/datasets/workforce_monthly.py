"""Workforce, authority level: one row a month (definitions 5.1)."""

from __future__ import annotations

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.datasets.worker_rules import WORKFORCE_CHECKS

WORKFORCE_MONTHLY = Dataset(
    id="workforce_monthly",
    title="Workforce, authority level",
    one_row_is="one month",
    key=("month",),
    start="month",
    end=None,
    goes_back_by="month",
    person=None,
    columns=(
        Column("month", Kind.MONTH, "the month that the row describes, at its end", True, True),
        Column("vacancies_fte", Kind.NUMBER, "vacant posts, FTE, covered by agency or not", True, least=0),
        Column("agency_fte", Kind.NUMBER, "agency workers, FTE", True, least=0),
        Column("agency_headcount", Kind.COUNT, "agency workers, headcount"),
        Column("agency_covering_fte", Kind.NUMBER, "agency workers covering vacancies, FTE", least=0),
        Column("days_lost", Kind.NUMBER, "working days lost to sickness in the month", least=0),
    ),
    checks=WORKFORCE_CHECKS,
)
