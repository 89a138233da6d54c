"""Since the Board last met: what it was shown then beside what it is now, actions closed and late, decisions due."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

from perfpipe.dates.months import Month
from perfpipe.history.last_meeting import LastMeeting
from perfpipe.measures.words import NOT_AVAILABLE, NOTHING, STATUS_WORDS, Status, capital
from perfpipe.packs.models.pack import MeasurePage, Series
from perfpipe.packs.models.since import SinceMeeting, ThenAndNow
from perfpipe.packs.wording.plan_words import brief_day, long_day, status_words
from perfpipe.plan import Action, DecisionIs, Plan, action_status, decisions_on

AS_KNOWN = (
    "No pack was released for that meeting: figures for then are what was known on the day, by today's definitions "
    "and targets."
)
NO_ACTION = "No action was completed, has become overdue or has another status."
NO_DECISION = "No decision is open."


def since_meeting(
    last: LastMeeting | None, plan: Plan, month: Month, pages: Sequence[MeasurePage]
) -> SinceMeeting | None:
    """All that has moved since the last meeting with data; None where there was none. Actions as at the month's end."""
    if last is None:
        return None
    shown = {
        (row["measure_id"], row["period"]): row for row in last.shown.to_dict("records") if row["breakdown"] == "all"
    }
    lines = [
        _then_and_now(page, series, shown.get((page.measure_id, series.period), {}))
        for page in pages
        for series in page.series
    ]
    judged = {STATUS_WORDS[each] for each in (Status.MET, Status.NEAR, Status.MISSED, Status.NOT_DECIDED)}
    kept = [line for line in lines if {line.status_then.lower(), line.status_now.lower()} & judged]
    return SinceMeeting(
        heading=f"Since the Board met on {long_day(last.on.isoformat())} with data to {last.data_to.label}",
        note=AS_KNOWN if last.as_known else "",
        then_label=last.data_to.label,
        now_label=month.label,
        figures=tuple(sorted(kept, key=lambda line: not line.changed)),
        actions=tuple(_actions(plan, last.on, month.last_day)) or (NO_ACTION,),
        decisions=tuple(_decisions(plan, month.last_day)) or (NO_DECISION,),
    )


def _then_and_now(page: MeasurePage, series: Series, then: Mapping[Hashable, object]) -> ThenAndNow:
    period = "" if series is page.series[0] else f", {series.period_title[0].lower()}{series.period_title[1:]}"
    status = str(then.get("status", ""))
    words = capital(STATUS_WORDS[Status(status)]) if status else NOTHING
    return ThenAndNow(
        measure_id=page.measure_id,
        code=page.code,
        title=f"{page.title}{period}",
        good_is=page.good_is,
        then=str(then.get("shown", NOT_AVAILABLE)),
        now=series.latest.figure.alone,
        status_then=words,
        status_now=series.latest.status,
        changed=words != series.latest.status,
    )


def _actions(plan: Plan, then: date, now: date) -> list[str]:
    """Closed ones first, then those that have become overdue, then other changes of status."""
    closed, late, other = [], [], []
    for action in plan.actions:
        before, after = action_status(action, then), action_status(action, now)
        if after.done and not before.done:
            closed.append(f"{_named(plan, action)}: done.")
        elif after.overdue and not before.overdue:
            late.append(f"{_named(plan, action)}: due {brief_day(action.due)} and not done.")
        elif after.status is not before.status:
            other.append(f"{_named(plan, action)}: {status_words(after.status)}; before {status_words(before.status)}.")
    return [*closed, *late, *other]


def _named(plan: Plan, action: Action) -> str:
    return f"Action {action.id}, {action.what} ({plan.role_of(action.owner)})"


def _decisions(plan: Plan, on: date) -> list[str]:
    """Decisions that are not done, the one due first at the top."""
    still = [each for each in decisions_on(plan, on) if each[1] is not DecisionIs.DONE]
    still.sort(key=lambda each: each[0].due)
    return [
        f"Decision {each.id}, {each.what} ({plan.role_of(each.owner)}): due {brief_day(each.due)}"
        f"{', overdue' if state is DecisionIs.OVERDUE else ''}."
        for each, state in still
    ]
