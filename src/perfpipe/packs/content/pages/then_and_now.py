"""A measure with a target as the Board was shown it when it last met, beside what it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.history.last_meeting import LastMeeting
from perfpipe.measures.counts import Unit
from perfpipe.measures.words import JUDGED, MARKERS, NOT_AVAILABLE, State, Status
from perfpipe.packs.content.pages.cells import figure_cell
from perfpipe.packs.content.pages.signs import STATUS_SIGNS, tone_of
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import FigureKey, Picture, SignedWord, TableCell
from perfpipe.packs.models.chart import Axis
from perfpipe.packs.models.drawings import DumbbellRow, Dumbbells
from perfpipe.packs.wording.revision_words import status_word

MOST_ROWS = 6
WIDTH, ROW_HEIGHT, EDGES = 184.0, 7.5, 12.0  # mm
AXIS = Axis(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), "%", percent=True)


@dataclass(frozen=True)
class ThenFigure:
    """A measure, and what was shown of it: the number as displayed (percentages 0 to 100), text, status and key."""

    subject: Subject
    number: float | None
    shown: str
    status: str  # empty where none was said
    key: FigureKey

    @property
    def changed(self) -> bool:
        """Whether it was judged then and now, and its status is another one."""
        now = self.subject.row.status
        return self.status in JUDGED and now in JUDGED and self.status != now

    @property
    def newly_judged(self) -> bool:
        """Whether it is judged now and was not then, or the other way round."""
        return (self.status in JUDGED) is not (self.subject.row.status in JUDGED)

    @property
    def moved(self) -> float | None:
        """By how many percentage points it moved; None where it has no percentage then or now, or is in doubt."""
        now = self.subject.figure.plotted
        if self.number is None or now is None or self.subject.is_doubtful:
            return None
        return abs(now - self.number) if self.subject.measure.counts.unit is Unit.PERCENT else None

    @property
    def cell(self) -> TableCell:
        """What was shown then."""
        if self.number is None:
            state = next((state for state, marker in MARKERS.items() if marker == self.shown), State.NOT_AVAILABLE)
            return TableCell(self.shown, state=state, key=self.key)
        percent = self.subject.measure.counts.unit is Unit.PERCENT
        return TableCell(
            self.shown,
            number=self.number / 100 if percent else self.number,
            decimals=self.subject.figure.decimals,
            percent=percent,
            key=self.key,
        )

    @property
    def status_then(self) -> SignedWord:
        """The status then, with its sign."""
        return SignedWord(status_word(self.status), STATUS_SIGNS.get(Status(self.status)) if self.status else None)

    @property
    def cell_now(self) -> TableCell:
        """What it is now."""
        return figure_cell(self.subject.figure)


def seen_then(subjects: Sequence[Subject], last: LastMeeting) -> tuple[ThenFigure, ...]:
    """Each measure with what was shown of it for the last month that the Board had met about."""
    whole = last.shown[(last.shown["breakdown"] == "all") & (last.shown["month"] == str(last.data_to))]
    names = ["measure_id", "period", "number", "shown", "status"]
    columns = zip(*(whole[name].tolist() for name in names), strict=True)
    then = {(measure, period): (number, shown, status) for measure, period, number, shown, status in columns}
    return tuple(_seen(subject, str(last.data_to), then.get(subject.place)) for subject in subjects)


def _seen(subject: Subject, month: str, then: tuple[str, str, str] | None) -> ThenFigure:
    number, shown, status = then or ("", NOT_AVAILABLE, "")
    key = (subject.measure.id, month, subject.period.value, "all", "all")
    return ThenFigure(subject, float(number) if number else None, shown, status, key)


def dumbbells(seen: Sequence[ThenFigure], then_label: str, now_label: str) -> Picture | None:
    """Percentages then and now, those that differ most at the top; None where none differs."""
    differ = [(each, each.moved) for each in seen if each.moved]
    differ.sort(key=lambda each: -(each[1] or 0.0))
    chosen = [each for each, _ in differ[:MOST_ROWS]]
    if not chosen:
        return None
    rows = tuple(_row(each) for each in chosen)
    left_out = len(differ) - len(chosen)
    said = [f"{row.label}: {row.then_shown}, now {row.now_shown}" for row in rows]
    return Picture(
        id="since-you-met-figures",
        heading=f"{rows[0].label}: {rows[0].then_shown} then, {rows[0].now_shown} now",
        caption=f"Percentages with a target, {then_label} and {now_label}, the largest difference first"
        + (f"; {left_out} that differ less are left out" if left_out else ""),
        alt=f"Then and now of {len(rows)} percentages, {then_label} and {now_label}.",
        description="; ".join(said) + ".",
        drawing=Dumbbells(AXIS, rows, then_label, now_label),
        width=WIDTH,
        height=EDGES + ROW_HEIGHT * len(rows),
        keys=tuple(key for each in chosen for key in (each.key, each.subject.figure.key)),
    )


def _row(seen: ThenFigure) -> DumbbellRow:
    subject = seen.subject
    return DumbbellRow(
        label=subject.title,
        then=seen.number,
        now=subject.figure.plotted,
        then_shown=seen.shown,
        now_shown=subject.figure.shown,
        tone=tone_of(subject.row),
    )
