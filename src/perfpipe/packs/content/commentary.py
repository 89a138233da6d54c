"""The commentary of owners: what is asked of them, and what a pack shows of what they wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from perfpipe.commentary.comment import Comment, Commentary, Place
from perfpipe.commentary.form import FormRow
from perfpipe.commentary.small_numbers import small_numbers_in
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import STATUS_WORDS, Movement, Status, capital
from perfpipe.packs.content.pages.levels import bare_target, in_one, with_counts
from perfpipe.packs.content.pages.subject import Subject, targeted
from perfpipe.packs.content.pages.texts import number_word, several
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.commentary import OwnersCommentary, OwnersWords
from perfpipe.packs.models.pack import MeasurePage
from perfpipe.packs.wording.plan_words import long_day
from perfpipe.plan import PackName

OFF_TARGET = (Status.MISSED, Status.NEAR)
WHY = {Status.MISSED: "target missed", Status.NEAR: "near its target, not met"}
CHANGED = "The figure has changed since this was written: it was {then}, and is now {now}."


def asks(scene: Scene, measures: tuple[Measure, ...], before: Mapping[Place, tuple[Comment, Month]]) -> list[FormRow]:
    """A row for each measure with a target in the month: by owner, of each those off target and worse first.

    `before`: the last words on a measure, and of which month they were.
    """
    rows = [(_row(each, before.get(_place(each))), _urgency(each)) for each in targeted(scene, measures)]
    owners = {row.owner.casefold(): place for place, (row, _) in reversed(list(enumerate(rows)))}
    return [row for row, _ in sorted(rows, key=lambda each: (owners[each[0].owner.casefold()], each[1]))]


def _place(subject: Subject) -> Place:
    return subject.measure.id, subject.period.value


def _row(subject: Subject, before: tuple[Comment, Month] | None) -> FormRow:
    return FormRow(
        owner=subject.measure.owner,
        measure=f"{subject.measure.code} {subject.title}",
        asked=_asked(subject),
        is_asked=is_exception(subject),
        figures=_figures(subject),
        sentence=in_one(subject),
        before=_before(*before) if before else "",
        place=_place(subject),
        shown=subject.figure.shown,
        status=subject.row.status.value,
    )


def is_exception(subject: Subject) -> bool:
    """Whether words are expected: it is off its target, or has become worse."""
    return subject.row.status in OFF_TARGET or subject.row.movement is Movement.WORSE


def _urgency(subject: Subject) -> int:
    order = (subject.row.status is Status.MISSED, subject.row.status is Status.NEAR, is_exception(subject))
    return next((place for place, is_so in enumerate(order) if is_so), len(order))


def _asked(subject: Subject) -> str:
    if not is_exception(subject):
        return "Only if there is something to add"
    worse = ", and worse" if subject.row.movement is Movement.WORSE else ""
    if subject.row.status in OFF_TARGET:
        return f"Yes: {WHY[subject.row.status]}{worse}"
    return "Yes: worse"


def _figures(subject: Subject) -> str:
    month = Month.parse(subject.row.month).label
    lines = (
        f"{month}: {with_counts(subject)}",
        f"Target: {bare_target(subject)}",
        f"Status: {STATUS_WORDS[subject.row.status]}",
        *([f"A year ago: {subject.year_ago.shown}"] if subject.year_ago.value is not None else []),
    )
    return "\n".join(lines)


def _before(comment: Comment, month: Month) -> str:
    parts = ((f"{month.label}, {comment.role}", comment.cause), ("Action", comment.action))
    due = [f"By when: {long_day(comment.by_when)}"] if comment.by_when else []
    question = [f"Question: {comment.question}"] if comment.question else []
    return "\n".join([*(f"{term}: {said}" for term, said in parts if said), *due, *question]) or month.label


def shown_commentary(
    scene: Scene, measures: tuple[Measure, ...], commentary: Commentary, audience: PackName
) -> OwnersCommentary:
    """What a pack shows of it. Words that count few people are not in a pack for the public."""
    chosen = [each for each in commentary.comments if audience is not PackName.PUBLIC or not counts_few(each)]
    by_place = {each.place: each for each in chosen}
    subjects = _subjects(scene, measures)
    words = tuple(_words(each, by_place[_place(each)]) for each in subjects if _place(each) in by_place)
    exceptions = [each for each in targeted(scene, measures) if is_exception(each)]
    without = tuple(each.title for each in exceptions if _place(each) not in by_place)
    hidden = len(commentary.comments) - len(chosen)
    note = _note(scene.month, words, len(without), commentary.left_out + hidden)
    return OwnersCommentary(note, words, without)


def with_words(pages: tuple[MeasurePage, ...], commentary: OwnersCommentary) -> tuple[MeasurePage, ...]:
    """The pages of measures, each series with the words of its owner."""
    words = {(each.measure_id, each.period): each for each in commentary.words}
    return tuple(
        replace(
            page, series=tuple(replace(each, words=words.get((page.measure_id, each.period))) for each in page.series)
        )
        for page in pages
    )


def counts_few(comment: Comment) -> bool:
    """Whether words count one to four people or cases."""
    return any(small_numbers_in(text) for text in comment.texts)


def _subjects(scene: Scene, measures: tuple[Measure, ...]) -> list[Subject]:
    return [Subject(scene, measure, period) for measure in measures for period in measure.periods]


def _words(subject: Subject, comment: Comment) -> OwnersWords:
    return OwnersWords(
        measure_id=subject.measure.id,
        period=subject.period.value,
        code=subject.measure.code,
        title=subject.title,
        sentence=in_one(subject),
        for_the_child=f"{subject.measure.why_it_matters.rstrip('.')}.",
        cause_is="Cause" if is_exception(subject) else "What it means",
        cause=comment.cause,
        action=comment.action,
        owner=comment.role,
        by_when=long_day(comment.by_when) if comment.by_when else "",
        question=comment.question,
        said_by=f"Written by {comment.role}, {long_day(comment.written_on)}",
        stale=_stale(subject, comment),
    )


def _stale(subject: Subject, comment: Comment) -> str:
    """That figure or status are not what they were when the workbook was made."""
    now = (subject.figure.shown, subject.row.status.value)
    then = (comment.shown, comment.status)
    if now == then:
        return ""
    return CHANGED.format(then=_level(*then), now=_level(*now))


def _level(shown: str, status: str) -> str:
    word = STATUS_WORDS[Status(status)] if status in {each.value for each in Status} else ""
    return f"{shown} ({word})" if word else shown


def _note(month: Month, words: Sequence[OwnersWords], without: int, left_out: int) -> str:
    """In one line, how much was written, what is still to be written, and what is not shown."""
    more = f" {capital(several(left_out, 'row'))} of words cannot be shown." if left_out else ""
    if not words:
        return f"No commentary by the owners of measures has come for {month.label}.{more}"
    rest = f"{several(without, 'measure')} off target or worse {'has' if without == 1 else 'have'} no commentary yet"
    stale = sum(bool(each.stale) for each in words)
    verb = "was written before its figure" if stale == 1 else "were written before their figures"
    old = f"{number_word(stale)} {verb} changed"
    told = [
        f"Owners have commented on {several(len(words), 'measure')}",
        *([rest] if without else []),
        *([old] if stale else []),
    ]
    return f"{'; '.join(told)}.{more}"
