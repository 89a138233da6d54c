"""The quarterly return: progress against the plan as at the end of a quarter, from figures that a run has published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.assess.assess import assess
from perfpipe.datasets.actions import ACTIONS
from perfpipe.dates.months import LONDON, Month, quarter_of
from perfpipe.job.fingerprint import code_version, library_versions
from perfpipe.job.job import Job
from perfpipe.ledger.column_types import iso
from perfpipe.ledger.editions import MANIFEST, edition_folder, folder_of, next_edition
from perfpipe.ledger.hold import hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience, ReadingRecord, RunRecord, UsedReading
from perfpipe.measures import MEASURES
from perfpipe.measures.figure import FIGURES
from perfpipe.packs.content.quarterly_return import build_return
from perfpipe.packs.content.return_json import return_text
from perfpipe.packs.edition import write_manifest
from perfpipe.packs.models.quarterly_return import Before, Origin, PlanReturn
from perfpipe.packs.workbooks.return_book import write_return_book
from perfpipe.plan import Plan
from perfpipe.plan.commands import changes_between
from perfpipe.plan.revisions import SHORT, PlanRevision, chosen_plan, load_revision, plan_revisions, read_once
from perfpipe.publish.editions import written_beside
from perfpipe.read.read_file import Parser
from perfpipe.reconcile.action_reports import with_reports
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing
from perfpipe.storage.files import sync_tree
from perfpipe.validate.reading import Reading
from perfpipe.validate.reading_cache import read_and_validate

if TYPE_CHECKING:
    import pandas as pd

WORKBOOK, DATA = "plan_return.xlsx", "plan_return.json"
MADE_BY = "perfpipe.quarterly_return"


@dataclass(frozen=True)
class ReturnOutcome:
    """What a return did: whether it is a new edition, and the workbook that stands."""

    changed: bool
    workbook: Path


def make_return(
    workspace: Workspace, last: Month, *, plan_of: str = "", progress: Callable[[str], None] = lambda _: None
) -> ReturnOutcome:
    """Write the return for the quarter that ends with a month, as an edition; nothing where it stands already.

    Figures are those of the newest run of that month, else of the newest run that contains it; the plan is the one
    which that run used, or with `plan_of` the one of a day or hash. Raises SettingsError or WorkspaceInUse.
    """
    settings, quarter = workspace.settings(), quarter_of(last)
    with hold(workspace, progress) as ledger:
        run = _run_for(ledger, last)
        used = ledger.readings_of(run.id)
        _check_over(used, last)
        progress(f"return: {quarter}, to {last.label}; figures of run {run.id} of {run.month}")
        revisions = plan_revisions(workspace.plan_file, ledger.runs())
        chosen, why = _plan_for(revisions, run, plan_of, last.last_day.isoformat())
        progress(f"return: the plan {chosen.named}: {why}")
        plan, content = read_once(chosen.path, load_revision, MEASURES)
        if hashlib.sha256(content).hexdigest() != chosen.sha256:
            raise SettingsError([f"{chosen.path}: was changed while it was read; run the command again"])
        _check_counts(revisions, run, plan)
        job = Job(workspace, settings, plan, ledger, last, plan_content=content)
        reported, told_by = _with_statuses(job, used)
        before = _before(job, revisions, chosen)
        known_at = iso(run.known_at) if run.known_at else ""
        origin = Origin(run.id, str(run.month), run.fingerprint, known_at, run.code_version, chosen.sha256, why,
                        told_by)  # fmt: skip
        progress(f"return: {len(plan.recommendations)} recommendations and topics, {len(plan.actions)} actions")
        told = build_return(
            _assessed(job, run, reported),
            last=last,
            authority=settings.authority.name,
            plan=reported,
            measures=job.measures,
            origin=origin,
            before=before,
            low_base=settings.low_base,
        )
        return _publish(job, told, run)


def _run_for(ledger: Ledger, last: Month) -> RunRecord:
    done = [run for run in ledger.runs(containing=last) if run.is_done]
    if not done:
        raise SettingsError([f"no run contains {last}, the last month of the quarter; `perfpipe run {last}` makes one"])
    return ([run for run in done if run.month == last] or done)[-1]


def _used_for(used: Sequence[UsedReading], month: Month) -> list[ReadingRecord]:
    return [each.reading for each in used if month in each.months]


def _check_over(used: Sequence[UsedReading], last: Month) -> None:
    """Refuse a quarter of which no extract was made on its last day or later."""
    made = [reading.extracted_at.astimezone(LONDON).date() for reading in _used_for(used, last)]
    if not made:
        what = f"there is no extract for {last}, the last month of the quarter"
        raise SettingsError([f"{what}; deliver its extracts, then `perfpipe run {last}`"])
    if max(made) < last.last_day:
        what = f"the newest extract used for {last} was made on {max(made)}"
        then = f"deliver extracts of {last.last_day} or later, then `perfpipe run {last}`"
        raise SettingsError([f"the quarter is not over by the data: {what}; {then}"])


def _plan_for(revisions: Sequence[PlanRevision], run: RunRecord, plan_of: str, as_at: str) -> tuple[PlanRevision, str]:
    """The revision that the return is made with, and in words why that one."""
    if plan_of:
        asked = chosen_plan(revisions, plan_of)
        return asked, f"asked for by --plan-of {plan_of}{_later(revisions, asked, as_at)}"
    found = next((each for each in revisions if each.sha256 == run.plan_sha256), None)
    if found is None:
        what = f"the plan of run {run.id} ({run.plan_sha256[:SHORT]}) is not kept"
        ways = f"--plan-of names another, `perfpipe run {run.month}` publishes with the present one"
        raise SettingsError([f"{what}; {ways}"])
    present = "the present plan" if found.is_present else "an earlier revision, not the present plan"
    return found, f"the one with which run {run.id} was published; {present}{_later(revisions, found, as_at)}"


def _check_counts(revisions: Sequence[PlanRevision], run: RunRecord, plan: Plan) -> None:
    """Refuse a plan that counts otherwise than the one by which the run's figures were counted, where that is kept."""
    by = next((each for each in revisions if each.sha256 == run.plan_sha256), None)
    if by and load_revision(by.path, MEASURES).how_it_counts != plan.how_it_counts:
        what = f"counting or placement_groups differ from the plan {by.named}, by which run {run.id} counted"
        again = f"`perfpipe run {run.month}`, with the same --plan-of, counts by this one"
        raise SettingsError([f"{what}; {again}"])


def _later(revisions: Sequence[PlanRevision], chosen: PlanRevision, as_at: str) -> str:
    """In words, that a plan was revised after the quarter, and whether one of its time is kept."""
    if chosen.revised_on <= as_at:
        return ""
    by_then = any(each.revised_on and each.revised_on <= as_at for each in revisions)
    other = f"--plan-of {as_at} takes the one of that day" if by_then else "none of that time is saved"
    return f"; it was revised after the quarter's end: {other}"


def _with_statuses(job: Job, used: Sequence[UsedReading]) -> tuple[Plan, str]:
    """The plan with what the run's actions extracts report that speak up to the quarter's end, and who tells.

    The same extracts as in the pack: a list of June does not say again what May's said.
    """
    told = [each.reading for each in used if each.reading.dataset == ACTIONS.id and min(each.months) <= job.month]
    if not told:
        return job.plan, "from the plan alone; there is no actions extract for the quarter's end or a month before"
    known = {each.id: each for each in job.ledger.extracts_known(None)}
    readings, made_before, hashes = [], job.ledger.readings_known(), job.ledger.cached_files()
    with Parser(job.settings.limits) as parser:
        for each in sorted(told, key=lambda reading: (reading.extracted_at, reading.extract_id)):
            what = f"the actions extract {each.extract_id[:SHORT]} that the run used"
            extract = known.get(each.extract_id)
            if extract is None:
                again = f"`perfpipe run {job.month}` publishes without it"
                raise SettingsError([f"{what} has been withdrawn since; {again}"])
            made = read_and_validate(job.workspace, job.settings, job.ledger, parser, extract, made_before, hashes)
            if not isinstance(made, Reading):
                raise SettingsError([f"{what} cannot be read any more; `perfpipe check {job.month}` says why"])
            readings.append(made)
    files = " and ".join(f"the extract {each.name}" for each in readings)
    return with_reports(job.plan, readings), f"from the plan and from {files}"


def _assessed(job: Job, run: RunRecord, plan: Plan) -> pd.DataFrame:
    """The run's figures up to the quarter's end, judged by the return's plan."""
    known = job.ledger.figures_as_of(run.id, run.first_month, job.month)
    asked = {name for each in plan.recommendations for name in plan.measures_of(each)}
    measures = [measure for measure in job.measures if measure.id in asked]
    figures = known.loc[known["measure_id"].isin([measure.id for measure in measures]), FIGURES.names]
    return assess(figures.reset_index(drop=True), plan, measures, job.settings.control_limits)


def _before(job: Job, revisions: Sequence[PlanRevision], present: PlanRevision) -> Before:
    """What changed since the plan of the return before; without one, since the plan before the quarter began."""
    earlier = [each for each in job.ledger.packs(PackAudience.RETURN) if each.month < job.month]
    by_hash = {each.sha256: each for each in revisions}
    for was in sorted(earlier, key=lambda each: (each.month, each.edition), reverse=True):
        told = edition_folder(job.workspace, was.month, was.edition, was.audience) / MANIFEST
        sha256 = json.loads(told.read_text(encoding="utf-8")).get("plan_sha256", "") if told.exists() else ""
        if sha256 in by_hash:
            return _compared(job, by_hash[sha256], present, f"the return for {quarter_of(was.month)}, ")
    day = ((job.month - 2).first_day - timedelta(days=1)).isoformat()
    older = [each for each in revisions if each.revised_on and each.revised_on <= day and each.sha256 != present.sha256]
    return _compared(job, older[-1], present, "") if older else Before("", None)


def _compared(job: Job, was: PlanRevision, present: PlanRevision, of: str) -> Before:
    named = f"{of}the plan {was.named}"
    if was.sha256 == present.sha256:
        return Before(named, ())
    return Before(named, tuple(changes_between(load_revision(was.path, MEASURES), job.plan)))


def _publish(job: Job, content: PlanReturn, run: RunRecord) -> ReturnOutcome:
    """Write the edition beside, commit its row and put it in place; drop it where the newest edition is the same."""
    audience, ledger = PackAudience.RETURN, job.ledger
    number = next_edition(job.workspace, ledger, job.month, (audience,))
    folder = edition_folder(job.workspace, job.month, number, audience)
    standing = [folder_of(job.workspace, each) for each in ledger.packs(audience, job.month)][-1:]
    with written_beside(job.workspace, ledger, [folder]) as (partial,):
        with storing(partial):
            partial.mkdir(parents=True)
            write_return_book(content, partial / WORKBOOK)
            (partial / DATA).write_text(return_text(content), encoding="utf-8", newline="\n")
            manifest = write_manifest(partial, _manifest(content, run), [partial / WORKBOOK, partial / DATA])
        if standing and _the_same(partial, standing[0]):
            return ReturnOutcome(False, standing[0] / WORKBOOK)
        sync_tree(partial)
        told = hashlib.sha256(manifest.read_bytes()).hexdigest()
        with ledger.writing():
            ledger.add_pack(EditionRecord(run.id, job.month, audience, number, told))
    return ReturnOutcome(True, folder / WORKBOOK)


def _the_same(made: Path, standing: Path) -> bool:
    """True where every file that was made stands in the other folder already, to the byte."""
    pairs = [(path, standing / path.name) for path in made.iterdir()]
    return all(there.is_file() and there.read_bytes() == path.read_bytes() for path, there in pairs)


def _manifest(content: PlanReturn, run: RunRecord) -> dict[str, object]:
    """What the return was made from. No number of the edition: the same again must be the same."""
    return {
        "month": content.months[-1],
        "audience": PackAudience.RETURN,
        "quarter": content.quarter,
        "as_at": content.as_at.isoformat(),
        "run": run.id,
        "fingerprint": run.fingerprint,
        "known_at": content.origin.known_at or None,
        "plan_sha256": content.origin.plan_sha256,
        "plan_revised_on": content.revised_on or None,
        "code_version": code_version(MADE_BY),
        "libraries": library_versions(MADE_BY),
    }
