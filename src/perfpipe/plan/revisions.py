"""The revisions of a plan that are saved, and which of them was the plan on a day.

Every published run and every import leaves a copy of `plan.toml` in `earlier_plans/` beside it, under its hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure
from perfpipe.plan.model import Plan
from perfpipe.plan.references import DeclaredIds
from perfpipe.plan.target_checks import target_problems
from perfpipe.plan.values import OF_ITS_TIME
from perfpipe.plan.write import EARLIER
from perfpipe.toml_files.models import SettingsError, model_problems, raise_problems, read_toml
from perfpipe.toml_files.parse import NotToml, parse_toml

SHORT = 12  # characters of a hash, as people read and write it
HASH = re.compile(r"[0-9a-f]{6,64}")
LISTS = "`perfpipe plan history` lists those that are saved"


class RunOfPlan(Protocol):
    """What is asked of a run of the ledger to tell which plan it used."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def month(self) -> Month:
        """The month that it reports."""

    @property
    def run_at(self) -> datetime:
        """When it was made."""

    @property
    def is_done(self) -> bool:
        """Whether it published."""

    @property
    def plan_sha256(self) -> str:
        """The hash of its plan's file."""


@dataclass(frozen=True)
class PlanRevision:
    """A revision of the plan: its file, hash and day, and the first and last published run that used it."""

    path: Path
    sha256: str
    revised_on: str  # YYYY-MM-DD; empty where the plan does not say, or is not valid TOML
    is_present: bool  # plan.toml itself
    first_run: RunOfPlan | None = None
    last_run: RunOfPlan | None = None

    @property
    def named(self) -> str:
        """The revision in words: `revised on 2018-01-15 (0123456789ab)`."""
        return f"revised on {self.revised_on or 'no stated day'} ({self.sha256[:SHORT]})"


def plan_revisions(plan_file: Path, runs: Sequence[RunOfPlan]) -> tuple[PlanRevision, ...]:
    """`plan.toml` and every saved copy, earliest revision first; of one day in the order of the runs that used them.

    `runs` are those of the ledger, in order. A copy whose content is not what its name says is left out.
    """
    present = plan_file.read_bytes() if plan_file.exists() else None
    found = {hashlib.sha256(present).hexdigest(): plan_file} if present is not None else {}
    for path in sorted((plan_file.parent / EARLIER).glob("*.toml")):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        if sha256 == path.stem:
            found.setdefault(sha256, path)
    revisions = []
    for sha256, path in found.items():
        used = [run for run in runs if run.is_done and run.plan_sha256 == sha256]
        first, last = (used[0], used[-1]) if used else (None, None)
        revisions.append(PlanRevision(path, sha256, _revised_on(path), path == plan_file, first, last))
    return tuple(sorted(revisions, key=_place))


def _place(each: PlanRevision) -> tuple[str, bool, int, str]:
    return each.revised_on, each.is_present, each.last_run.id if each.last_run else 0, each.sha256


def _revised_on(path: Path) -> str:
    try:
        return str(parse_toml(path.read_bytes()).get("revised_on", ""))
    except NotToml:
        return ""


def chosen_plan(revisions: Sequence[PlanRevision], of: str) -> PlanRevision:
    """The revision that was the plan on a day, YYYY-MM-DD, or whose hash begins so.

    On a day the plan is the one with the latest `revised_on` that is not later. Raises SettingsError.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", of):
        return _on_day(revisions, of)
    if not HASH.fullmatch(of):
        raise SettingsError(
            [f"--plan-of {of}: expected a day, YYYY-MM-DD, or the first 6 characters or more of a hash"]
        )
    found = [each for each in revisions if each.sha256.startswith(of)]
    if len(found) == 1:
        return found[0]
    what = (
        f"{len(found)} saved plans have a hash that begins like this"
        if found
        else "no saved plan has a hash that begins like this"
    )
    raise SettingsError([f"--plan-of {of}: {what}; {LISTS}"])


def _on_day(revisions: Sequence[PlanRevision], day: str) -> PlanRevision:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise SettingsError([f"--plan-of {day}: there is no such day"]) from None
    dated = [each for each in revisions if each.revised_on]
    by_then = [each for each in dated if each.revised_on <= day]
    if not by_then:
        earliest = f"the earliest is of {dated[0].revised_on}" if dated else "no saved plan says when it was revised"
        raise SettingsError([f"--plan-of {day}: no saved plan was revised by then; {earliest}; {LISTS}"])
    last = by_then[-1]
    equal = [each for each in by_then if _place(each)[:3] == _place(last)[:3]]
    if len(equal) > 1:
        named = " and ".join(each.sha256[:SHORT] for each in equal)
        raise SettingsError([f"--plan-of {day}: {named} were both revised on {last.revised_on}; name one by its hash"])
    return last


def load_revision(path: Path, measures: Sequence[Measure]) -> Plan:
    """A plan of its time, read with today's measures. Raises SettingsError with file, line and key.

    It is not held to what must be true of a plan today, as rules and measures were added since: placeholders stand,
    measures that it does not name stand under no recommendation, and those that are no more have no figures. A manual
    measure that has since become a measure of the catalogue is that measure.
    """
    raw = read_toml(path)
    try:
        plan = Plan.model_validate(raw, context=OF_ITS_TIME)
    except ValidationError as error:
        raise_problems(path, model_problems(Plan, error))
        raise AssertionError("a validation error without a problem") from None
    known = {measure.id: measure for measure in measures}
    grown = [each for each in plan.manual_measures if each.id in known]
    plan = plan.model_copy(
        update={
            "manual_measures": tuple(each for each in plan.manual_measures if each not in grown),
            "recommendations": tuple(
                each.model_copy(
                    update={"measures": (*each.measures, *(m.id for m in grown if m.recommendation == each.id))}
                )
                for each in plan.recommendations
            ),
        }
    )
    named = DeclaredIds.of(raw, known)
    judging = {name: target for name, target in plan.targets.items() if name in named.measures}
    raise_problems(path, target_problems(plan.model_copy(update={"targets": judging}), known, named))
    return plan


def read_once(
    path: Path, load: Callable[[Path, tuple[Measure, ...]], Plan], measures: tuple[Measure, ...]
) -> tuple[Plan, bytes]:
    """A plan and the content of its file, which is the same before and after. Raises SettingsError."""
    content = path.read_bytes() if path.exists() else b""
    plan = load(path, measures)
    if path.read_bytes() != content:
        raise SettingsError([f"{path}: was changed while it was being read; run the command again"])
    return plan, content


def history_lines(revisions: Sequence[PlanRevision]) -> list[str]:
    """A line for each revision: when revised, hash, which runs used it, and which is the present plan."""
    lines = []
    for each in revisions:
        if each.first_run and each.last_run:
            used = f"first used by {_run(each.first_run)}"
            used += f", last by {_run(each.last_run)}" if each.last_run.id != each.first_run.id else ""
        else:
            used = "used by no run"
        present = "; the current plan.toml" if each.is_present else ""
        lines.append(f"{each.revised_on or 'no day    '}  {each.sha256[:SHORT]}  {used}{present}")
    return lines


def _run(run: RunOfPlan) -> str:
    return f"run {run.id} of {run.month} ({run.run_at:%Y-%m-%d})"
