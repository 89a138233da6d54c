"""The five measures that lead a pack, in words."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.measures.definition import Polarity
from perfpipe.measures.words import STATUS_WORDS, Movement, Status, capital
from perfpipe.packs.content.pages.cells import BESIDE_STATUS, brief_counts, figure_cell
from perfpipe.packs.content.pages.levels import bare_target, figures_before, sentences
from perfpipe.packs.content.pages.signs import STATUS_SIGNS, movement_word
from perfpipe.packs.content.pages.sparklines import sparkline
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import SignedWord, Tile, Tiles
from perfpipe.packs.models.chart import INCOMPLETE

MOST, MOST_OF_A_KIND = 5, 3  # so that neither good nor bad news fills all
WORSE, PERHAPS_WORSE, BETTER, PERHAPS_BETTER, MOVED, NO_CHANGE, UNTESTED = range(7)
BAD, GOOD = (WORSE, PERHAPS_WORSE), (BETTER, PERHAPS_BETTER)
ORDER = {Movement.WORSE: WORSE, Movement.BETTER: BETTER, Movement.NO_CLEAR_CHANGE: NO_CHANGE}
BY_STATUS = (Status.MISSED, Status.NOT_DECIDED, Status.NEAR, Status.MET)


def tiles(subjects: Sequence[Subject], month_label: str) -> Tiles:
    """The tiles: what is worse, what may be, what is better, what has not changed; the worst status first."""
    headers = ("Change", month_label, "In words", "24 months and target")
    return Tiles(headers, tuple(map(_tile, leading(subjects))))


def leading(subjects: Sequence[Subject]) -> list[Subject]:
    """The measures that lead. One that is provisional or of few cases never does."""
    sure = [each for each in subjects if each.figure.value is not None and not each.is_doubtful]
    ranked = sorted(sure, key=_rank)
    chosen: list[Subject] = []
    for subject in ranked:
        alike = [each for each in chosen if _news(each) and _news(each) == _news(subject)]
        if len(alike) < MOST_OF_A_KIND:
            chosen.append(subject)
    rest = [each for each in ranked if each not in chosen]
    return sorted([*chosen[:MOST], *rest][:MOST], key=_rank)


def _rank(subject: Subject) -> tuple[int, int]:
    status = subject.row.status
    return _kind(subject), BY_STATUS.index(status) if status in BY_STATUS else len(BY_STATUS)


def _kind(subject: Subject) -> int:
    movement, polarity = subject.row.movement, subject.measure.shown.polarity
    if movement not in (Movement.HIGHER, Movement.LOWER):
        return ORDER.get(movement, UNTESTED)
    if polarity not in (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER):
        return MOVED
    is_good = (movement is Movement.HIGHER) is (polarity is Polarity.HIGHER_IS_BETTER)
    return PERHAPS_BETTER if is_good else PERHAPS_WORSE


def _news(subject: Subject) -> tuple[int, ...]:
    """Good or bad news; neither is empty."""
    kind = _kind(subject)
    return next((news for news in (BAD, GOOD) if kind in news), ())


def _tile(subject: Subject) -> Tile:
    measure, row, target = subject.measure, subject.row, f"target {bare_target(subject)}"
    return Tile(
        figure=subject.figure,
        title=subject.title,
        link=measure.id,
        movement=movement_word(subject),
        shown=figure_cell(subject.figure, marks=(*BESIDE_STATUS, INCOMPLETE)).text,
        counts=brief_counts(subject.figure, measure),
        sentence=sentences(subject),
        sparkline=sparkline(subject),
        status=SignedWord(capital(STATUS_WORDS[row.status]), STATUS_SIGNS.get(row.status), target),
        figures=figures_before(subject),
    )
