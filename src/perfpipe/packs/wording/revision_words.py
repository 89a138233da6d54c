"""Why a figure differs from what was seen, in words: made here for packs, workbooks and the command."""

from __future__ import annotations

from collections import Counter

from perfpipe.dates.months import Month
from perfpipe.history.revision import Cause, CauseCount, RecordChange, Revision
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.words import NOTHING, STATUS_WORDS, Status, capital
from perfpipe.packs.wording.sentences import PERIOD_TITLES

RECORDS = {
    "return_home_interviews": ("missing episode", "missing episodes"),
    "placements": ("placement record", "placement records"),
    "social_workers": ("worker record", "worker records"),
    "assessments": ("assessment", "assessments"),
    "audits": ("audit", "audits"),
    "adopters": ("household", "households"),
}
RECORD = ("record", "records")
OF_INTERVIEWS = "return_home_interviews"
INTERVIEW, RETURN = ("interview", "interviews"), ("return", "returns")  # what of such an extract's row is meant
INTERVIEW_CELLS = {"interview_at", "interview_id", "independent", "method"}
BECAME = {
    Cause.LATE: ("was entered late", "were entered late"),
    Cause.CORRECTED: ("was corrected", "were corrected"),
    Cause.REOPENED: ("was opened again", "were opened again"),
    Cause.DELETED: ("was deleted", "were deleted"),
    Cause.DUE: ("has since become due", "have since become due"),
}
CHANGED = {
    Cause.ARRIVED: "an extract that was missing arrived",
    Cause.UNREADABLE: "records that could not be used changed",
    Cause.WITHDRAWN: "an extract was withdrawn",
    Cause.LAYOUT: "the layout changed",
    Cause.CORRECTION: "a declared correction changed",
    Cause.SETTINGS: "settings changed",
    Cause.TARGET: "the target changed",
    Cause.COUNTING: "what the plan counts changed",
    Cause.DEFINITION: "the definition changed",
    Cause.PROGRAM: "the software that works it out changed",
    Cause.OTHER_PACK: "the earlier pack counted otherwise",
    Cause.NOT_SEPARABLE: "the causes are no longer separable, as something it was made from was erased",
}
NOT_KEPT = "the settings of then were not kept, so that today's stand in for them"


def why(revision: Revision) -> str:
    """All causes of a revision, in the order of its steps: `11 interviews were entered late, 1 was deleted`."""
    said = [_cause(each, revision) for each in revision.causes]
    words = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""
    return words if revision.settings_kept else f"{words}; {NOT_KEPT}"


def _cause(each: CauseCount, revision: Revision) -> str:
    if each.cause not in BECAME:
        return f"{CHANGED[each.cause]} ({_records(each, revision)})" if each.records else CHANGED[each.cause]
    return f"{_records(each, revision)} {BECAME[each.cause][each.records != 1]}"


def _records(each: CauseCount, revision: Revision) -> str:
    """`11 interviews and 2 missing episodes`: a row of one extract may be about either."""
    counted = Counter(_noun(record) for record in revision.records if record.cause is each.cause)
    said = counted or {RECORDS.get(revision.dataset, RECORD): each.records}
    return " and ".join(f"{number:,} {noun[number != 1]}" for noun, number in sorted(said.items()))


def _noun(record: RecordChange) -> tuple[str, str]:
    if record.dataset != OF_INTERVIEWS:
        return RECORDS.get(record.dataset, RECORD)
    if record.cause is Cause.DUE:
        return RETURN
    return INTERVIEW if INTERVIEW_CELLS.intersection(record.cells) else RECORDS[OF_INTERVIEWS]


def sentence(revision: Revision, measure: Measure) -> str:
    """A revision in a sentence: `June 2017 rises from 36% to 41%: 11 interviews were entered late.`"""
    old, new = revision.seen.value, revision.now.value
    if revision.shown == revision.shown_now:
        what = f"stays at {revision.shown}, {status_change(revision)}"
    elif old is None or new is None:
        what = f"was {revision.shown} and is {revision.shown_now}"
    else:
        verb = "rises" if new > old else "falls"
        what = f"{verb} from {revision.shown} to {revision.shown_now}"
    return f"{_of(revision, measure)} {what}: {why(revision)}."


def status_change(revision: Revision) -> str:
    """`its status changes from near to met`."""
    return (
        f"its status changes from {STATUS_WORDS[_status(revision.seen.status)]} to "
        + STATUS_WORDS[_status(revision.now.status)]
    )


def _status(text: str) -> Status:
    return Status(text) if text else Status.NO_DATA


def status_word(text: str) -> str:
    """A status as it stands in a cell; a dash where it was not said."""
    return capital(STATUS_WORDS[Status(text)]) if text else NOTHING


def part_of(revision: Revision, measure: Measure) -> str:
    """Over which time, and of which group; empty for the whole of the measure's own period."""
    _, _, period, breakdown, group = revision.key
    said = [] if period == measure.periods[0] else [PERIOD_TITLES[Period(period)]]
    if breakdown != "all":
        split = next((each for each in measure.shown.breakdowns if each.id == breakdown), None)
        said.append(f"{split.title}: {split.groups.get(group, group)}" if split else f"{breakdown}: {group}")
    return ", ".join(said)


def _of(revision: Revision, measure: Measure) -> str:
    part = part_of(revision, measure)
    return f"{Month.parse(revision.key[1]).label}{f' ({part})' if part else ''}"
