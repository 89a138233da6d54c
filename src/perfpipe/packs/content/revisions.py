"""The revisions of a pack, and the rows behind them: what the Board saw, what it is now, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.history.revision import FigureKey, RecordChange, Revision
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import JUDGED, capital
from perfpipe.packs.models.revisions import RecordLine, RevisionLine, RevisionTable
from perfpipe.packs.wording.revision_words import BECAME, CHANGED, part_of, sentence, status_word, why

NEVER_SEEN = "Nothing was ever released, so nothing can be revised."
NO_CHANGE = "No figure that the Board has seen has changed."
HOW = "Each figure that has changed since the Board saw it; changes of status first."


def revision_table(
    revisions: Sequence[Revision] | None, measures: Sequence[Measure], shown: Collection[FigureKey] | None = None
) -> RevisionTable:
    """The table of a pack; `revisions` None: nothing was ever seen. `shown`: the figures that stand in it, else all."""
    if revisions is None:
        return RevisionTable(NEVER_SEEN, ())
    by_id = {measure.id: measure for measure in measures}
    chosen = [each for each in revisions if shown is None or each.key in shown]
    kept = [each for each in chosen if each.key[0] in by_id]
    places = {name: place for place, name in enumerate(by_id)}
    kept.sort(key=lambda each: _order(each, by_id[each.key[0]], places))
    return RevisionTable(HOW if kept else NO_CHANGE, tuple(_line(each, by_id[each.key[0]]) for each in kept))


def _order(revision: Revision, measure: Measure, places: Mapping[str, int]) -> tuple[int | bool, ...]:
    """Another status first, then what is judged; the whole before groups, the measure's period before others."""
    name, month, period, breakdown, _ = revision.key
    return (
        revision.seen.status == revision.now.status,
        revision.now.status not in JUDGED,
        measure.shown.table is not None,
        breakdown != "all",
        period != measure.periods[0],
        places[name],
        -Month.parse(month).index,
    )


def _line(revision: Revision, measure: Measure) -> RevisionLine:
    return RevisionLine(
        measure_id=measure.id,
        code=measure.code,
        title=measure.title,
        month=Month.parse(revision.key[1]).label,
        part=capital(part_of(revision, measure)),
        was=revision.shown,
        now=revision.shown_now,
        status_before=status_word(revision.seen.status),
        status_now=status_word(revision.now.status),
        why=capital(why(revision)),
        sentence=sentence(revision, measure),
        is_step=measure.shown.table is not None,
    )


def record_lines(revisions: Sequence[Revision]) -> tuple[RecordLine, ...]:
    """The records that made the difference, each place once, with the figures that it changed."""
    figures: dict[RecordChange, dict[str, set[Month]]] = {}
    for revision in revisions:
        for change in revision.records:
            named = figures.setdefault(_place(change), {})
            named.setdefault(revision.code, set()).add(Month.parse(revision.key[1]))
    lines = [_record(change, named) for change, named in figures.items()]
    return tuple(sorted(lines, key=_of_record))


def _of_record(line: RecordLine) -> tuple[str, str, int, int]:
    return line.dataset, line.file_now or line.file_then, line.row_now or 0, line.row_then or 0


def _place(change: RecordChange) -> RecordChange:
    return RecordChange(**{**vars(change), "record": 0})


def _record(change: RecordChange, figures: Mapping[str, set[Month]]) -> RecordLine:
    words = BECAME[change.cause][0] if change.cause in BECAME else CHANGED[change.cause]
    return RecordLine(
        dataset=BY_ID[change.dataset].title,
        what=capital(words.removeprefix("was ")),
        file_then=change.file_then,
        sheet_then=change.sheet_then,
        row_then=change.row_then or None,
        file_now=change.file_now,
        sheet_now=change.sheet_now,
        row_now=change.row_now or None,
        figures="; ".join(f"{code} {_months(found)}" for code, found in figures.items()),
    )


def _months(found: set[Month]) -> str:
    """`2017-06, 2017-10 to 2018-02`: months in a row as a span."""
    months = sorted(found)
    firsts = [each for each in months if each - 1 not in found]
    lasts = [each for each in months if each + 1 not in found]
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in zip(firsts, lasts, strict=True))
