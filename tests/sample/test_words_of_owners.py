"""The sample's owners have written of their measures, in the workbook that `perfpipe commentary` makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from perfpipe.assess.assess import status_of
from perfpipe.commentary.form_row import MayHold
from perfpipe.commentary.read_form import FormReading, read_form
from perfpipe.commentary.take_in import roles_of
from perfpipe.dates.months import Month, month_range
from perfpipe.measures import MEASURES
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period, Polarity
from perfpipe.measures.shown_numbers import exact_value, shown_number
from perfpipe.plan import Plan
from perfpipe.plan.load import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe_sample import PLAN_FILE
from perfpipe_sample.commentary import WORDS, write_commentary
from perfpipe_sample.truth.figures import NOT_AVAILABLE, TrueFigure

MONTHS = month_range(Month(2017, 11), Month(2018, 3))
PLAN: Plan = load_plan(PLAN_FILE, MEASURES)
EVERY = all_measures(PLAN)


def reported(numerator: int, denominator: int, months: Iterable[Month] = MONTHS) -> list[TrueFigure]:
    return [
        TrueFigure(words.measure_id, str(month), "month", "all", "all", numerator, denominator)
        for words in WORDS
        for month in months
    ]


def written(root: Path, figures: list[TrueFigure]) -> dict[str, FormReading]:
    """What the workbooks say, by month, read as a run reads them on the day of the sample's last delivery."""
    write_commentary(root, figures, MONTHS, PLAN_FILE)
    found = {}
    for path in sorted((root / "commentary").rglob("*.xlsx")):
        month = Month.parse(path.parent.name)
        places = {(each.id, period.value) for each in EVERY for period in each.periods}
        may_hold = MayHold(month, places, roles_of(PLAN, EVERY), (month + 1).first_day.replace(day=6), frozenset())
        found[str(month)] = read_form(path.read_bytes(), path.name, may_hold)
    return found


@pytest.mark.parametrize(("numerator", "denominator"), [(18, 80), (9, 10), (599, 1000), (5996, 10_000), (0, 7)])
def test_owners_wrote_of_the_last_three_months_and_nothing_is_wrong_with_it(
    numerator: int, denominator: int, tmp_path: Path
) -> None:
    found = written(tmp_path, reported(numerator, denominator))
    assert list(found) == ["2018-01", "2018-02", "2018-03"]
    measures = {each.id: each for each in EVERY}
    for month, reading in found.items():
        assert (reading.faults, reading.left_out) == ((), 0)
        comments = [comment for comment, _ in reading.comments]
        assert {each.measure_id for each in comments} == {words.measure_id for words in WORDS}
        for comment in comments:
            measure = measures[comment.measure_id]
            assert measure.shown.polarity is Polarity.HIGHER_IS_BETTER
            target = PLAN.target_of(measure, Period(comment.period))
            step = target.step_for(Month.parse(month)) if target else None
            assert step is not None
            status = status_of(exact_value(numerator, denominator), step, measure.shown.polarity)
            shown = shown_number(numerator / denominator, numerator, denominator, Unit.PERCENT, step.written, status)
            assert (comment.shown, comment.status) == (shown.text, status.value)


def test_of_a_figure_that_was_not_there_nobody_wrote(tmp_path: Path) -> None:
    without = [replace(each, numerator=None, denominator=None, state=NOT_AVAILABLE) for each in reported(1, 2)]
    assert written(tmp_path, without) == {}


def test_each_measure_is_named_as_packs_name_it() -> None:
    measures = {each.id: each for each in EVERY}
    for words in WORDS:
        measure = measures[words.measure_id]
        assert words.title == f"{measure.code} {measure.title}"
