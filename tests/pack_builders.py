"""A synthetic assessed frame, faults and extracts for the pack's tests: 36 months of a few measures of every kind."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pandas as pd

from perfpipe.assess.assess import with_the_past
from perfpipe.assess.variation import Verdict
from perfpipe.dates.months import Month, month_range
from perfpipe.measures import BY_ID
from perfpipe.measures import MEASURES as EVERY_MEASURE
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.models.sources import ExtractUse, FaultCount
from perfpipe.plan import Plan, Target, load_plan
from perfpipe.settings.control_limits import NOTHING_DECLARED, ControlLimits
from perfpipe_sample import PLAN_FILE

MONTH = Month(2017, 8)
SHOWN = (
    "missing_episodes", "missing_children", "rhi_offered", "rhi_accepted", "rhi_completed", "rhi_within_72h",
    "children_looked_after", "children_by_placement_group", "in_foster_care", "in_childrens_homes",
    "in_supported_accommodation", "new_appointments", "leavers", "retained_12_months", "turnover_12_months",
)  # fmt: skip
PERIODS = {"leavers": (Period.MONTH, Period.ROLLING_12), "rhi_offered": (Period.MONTH, Period.YEAR_TO_DATE)}
MEASURES = tuple(replace(BY_ID[name], periods=PERIODS.get(name, BY_ID[name].periods[:1])) for name in SHOWN)
NAN = float("nan")
RATE = {
    "rhi_offered": 0.9,
    "rhi_accepted": 0.7,
    "rhi_completed": 0.66,
    "rhi_within_72h": 0.41,
    "in_foster_care": 0.73,
    "in_childrens_homes": 0.13,
    "in_supported_accommodation": 0.07,
    "retained_12_months": 0.82,
    "turnover_12_months": 0.16,
}
SIZE = {"leavers": 4, "missing_episodes": 76, "missing_children": 40, "new_appointments": 3}
BASE = {"retained_12_months": 17, "turnover_12_months": 231.4, "rhi_within_72h": 60}


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    z, n, p = 1.96, denominator, numerator / denominator
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


NOT_TESTED: dict[str, object] = {
    **dict.fromkeys(("movement", "year_movement"), "not tested"), "movement_by": "none",
    **dict.fromkeys(("movement_since", "movement_reason", "movement_month", "year_month", "year_reason"), ""),
    "status_since": "",
    **dict.fromkeys(("movement_is_sure", "year_is_sure"), False),
    **dict.fromkeys(("year_value", "year_numerator", "year_denominator", "year_lower", "year_upper"), NAN),
    **dict.fromkeys(("months_met", "months_judged"), 0),
}  # fmt: skip
PAST = [*Verdict._fields, *NOT_TESTED]


def row(measure: Measure, month: Month | str, period: Period, **fields: object) -> dict[str, object]:
    """One row of an assessed frame: a figure of 31 of 50, or 31, unless told otherwise."""
    percent = measure.counts.unit is Unit.PERCENT
    usual: dict[str, object] = {
        "measure_id": measure.id, "code": measure.code, "month": str(month), "period": period.value,
        "breakdown": "all", "group": "all", "numerator": 31.0, "denominator": 50.0 if percent else NAN,
        "value": 0.62 if percent else 31.0, "state": "ok", "state_reason": "", "unit": measure.counts.unit.value,
        "target": None, "status": "no_target", "lower": NAN, "upper": NAN, "revised": False,
        "provisional": False, "definition_version": 1,
        "left_out": 0, "left_out_of": 0, "left_out_why": "",
        "design_effect": 1.0 if percent else NAN, "spread": NAN if percent else 31.0,
        "variance": NAN, "previous": NAN, **Verdict("none", "", "none")._asdict(), **NOT_TESTED,
    }  # fmt: skip
    return usual | fields


def absent(state: str, reason: str) -> dict[str, object]:
    nothing = dict.fromkeys(("numerator", "denominator", "value", "lower", "upper", "previous"), NAN)
    return {
        "state": state,
        "state_reason": reason,
        "status": "no_data",
    } | nothing


def _status(measure: Measure, value: float, target: str | None) -> str:
    if target is None:
        return "no_target"
    low, _, high = target.partition("..")
    if measure.shown.polarity is Polarity.RANGE_IS_BEST:
        return "met" if float(low) <= value <= float(high) else "missed"
    gap = value - float(low) if measure.shown.polarity is Polarity.HIGHER_IS_BETTER else float(low) - value
    return "met" if gap >= 0 else "near" if gap > -0.05 else "missed"


def _numbers(measure: Measure, step: int, share: float) -> dict[str, object]:
    wave = 1 + 0.12 * math.sin(step / 3) + 0.05 * math.cos(step * 2.1)
    if measure.counts.unit is Unit.COUNT:
        size = SIZE.get(measure.id, 560 + 2 * step)
        value = float(round(size * share * (wave if size < 500 else 1 + 0.02 * math.sin(step))))
        if measure.id == "new_appointments" and step % 5 == 0:
            value = 0.0
        return {"numerator": value, "denominator": NAN, "value": value, "spread": value}
    base = BASE.get(measure.id, 600) * share
    base = base if measure.counts.weight else float(max(round(base), 1))
    count = RATE.get(measure.id, 0.5) * wave * base
    count = min(count if measure.counts.weight else float(round(count)), base)
    numbers = {"numerator": count, "denominator": base, "value": count / base}
    if measure.counts.nested:
        numbers |= dict(zip(("lower", "upper"), wilson(count, base), strict=True))
    return numbers


def _months_of(measure: Measure, period: Period, plan: Plan) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    previous = NAN
    target_of = plan.target_of(measure, period)
    for step, month in enumerate(month_range(MONTH - 35, MONTH)):
        in_force = target_of.step_for(month) if target_of else None
        target = in_force.written if in_force else None
        share = 12.0 if period is Period.ROLLING_12 and measure.id == "leavers" else 1.0
        numbers = _numbers(measure, step, share)
        value = float(str(numbers["value"]))
        fields = numbers | {
            "target": target, "status": _status(measure, value, target), "previous": previous,
        }  # fmt: skip
        if measure.id.startswith("rhi_") and (step < 14 or step == 25):
            fields |= absent("not_available", "extract missing")
        if measure.id == "rhi_accepted" and step == 30:
            fields |= absent("not_applicable", "nothing to count")
        if measure.id == "retained_12_months" and step == 20:
            fields |= absent("suppressed", "small numbers")
        if measure.id in ("rhi_completed", "rhi_within_72h", "missing_episodes") and step >= 35:
            fields |= {"provisional": True}
        if measure.id in ("rhi_within_72h", "missing_episodes") and step == 33:
            fields |= {"revised": True}
        if measure.id == "missing_children" and step == 35:
            fields |= absent("not_available", "extract missing")
        rows.append(row(measure, month, period, **fields))
        for breakdown in measure.shown.breakdowns:
            for place, group in enumerate(breakdown.groups):
                part = _numbers(measure, step + place, share * 0.6 / 1.8**place)
                empty = place == len(breakdown.groups) - 1 and measure.counts.unit is Unit.PERCENT
                part |= absent("not_applicable", "nothing to count") if empty else {}
                rows.append(row(measure, month, period, breakdown=breakdown.id, group=group, **part))
        previous = float(str(fields["value"]))
    return rows


def plan() -> Plan:
    """The sample's plan, and a target for the leavers of 12 months: a measure with two charts."""
    made = load_plan(PLAN_FILE, EVERY_MEASURE)
    step = {"from": "2017-04", "agreed_on": "2017-06-14", "target": "40", "amber_within": "5"}
    leavers = {"recommendation": "scrutiny_retention", "source": "Made up", "period": "rolling_12", "steps": [step]}
    return made.model_copy(update={"targets": made.targets | {"leavers": Target.model_validate(leavers)}})


def assessed() -> pd.DataFrame:
    return _assessed().copy()


@cache
def _assessed() -> pd.DataFrame:
    the_plan = plan()
    every = [(measure, period) for measure in MEASURES for period in measure.periods]
    rows = pd.DataFrame([r for measure, period in every for r in _months_of(measure, period, the_plan)])
    return with_the_past(rows.drop(columns=PAST), MEASURES, NOTHING_DECLARED)


STEADY = (50, 54, 48, 52, 47, 55, 49, 53, 51, 48, 52, 50)  # mean 50.75, limits about 39 and 62


def steady(limits: ControlLimits = NOTHING_DECLARED) -> pd.DataFrame:
    """The same frame, with missing episodes that vary by chance but for 80 in December 2016."""
    frame = assessed().drop(columns=PAST)
    whole = (frame["measure_id"] == "missing_episodes") & (frame["breakdown"] == "all")
    values = [80.0 if place == 27 else float(STEADY[place % 12]) for place in range(36)]
    frame.loc[whole, "value"] = frame.loc[whole, "numerator"] = values
    frame.loc[whole, ["provisional", "revised"]] = False
    return with_the_past(frame, MEASURES, limits)


def faults() -> tuple[FaultCount, ...]:
    return (
        FaultCount("placements", "unknown_code", "warn", "one of U1, U2", "=Mend the code at source", "", 1),
        FaultCount("return_home_interviews", "interview_before_return", "exclude", "an interview after the return",
                   "Check both times in the case record and mend the one that is wrong", "interview_in_future", 1204),
        FaultCount("return_home_interviews", "midnight", "info", "a time", "Enter the time", "", 31),
        FaultCount("social_workers", "overlap", "exclude", "one post at a time", "End the first post", "*", 2),
    )  # fmt: skip


def delivered() -> tuple[ExtractUse, ...]:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2017, 9, day, hour, minute, tzinfo=UTC)

    return (
        ExtractUse("return_home_interviews", at(5, 8, 30), (Month(2016, 4), MONTH), ("return_home_interviews.xlsx",),
                   4210),
        ExtractUse("placements", at(4, 23, 5), (Month(2017, 4), MONTH), ("episodes.csv", "header.csv"), 3022),
        ExtractUse("social_workers", at(1, 6, 0), (Month(2015, 9), MONTH), ("social_workers.xlsx",), 512),
        ExtractUse("workforce_monthly", None, None, (), None),
    )  # fmt: skip


def content(frame: pd.DataFrame | None = None, extracts: tuple[ExtractUse, ...] | None = None) -> PackContent:
    head = PackHead(MONTH, "Coventry City Council", "board", "3f9a" * 16, datetime(2017, 9, 6, 11, 0, tzinfo=UTC))
    data = DataBehind(faults(), delivered() if extracts is None else extracts)
    return build_content(assessed() if frame is None else frame, head, plan(), MEASURES, data)
