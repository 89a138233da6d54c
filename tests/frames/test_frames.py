"""Every frame that crosses a stage says what its columns hold, is unique by its key, and fails without a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pandas as pd
import pytest

from perfpipe.assess.assess import assess
from perfpipe.assess.assessed_figures import ASSESSED, VARIATION
from perfpipe.assess.variation import OF_RUNS, Verdict
from perfpipe.compute.compute import compute
from perfpipe.datasets import DATASETS
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.ledger.figure_frames import CHANGED_FIGURES, KNOWN_FIGURES
from perfpipe.measures.figure import FIGURES
from perfpipe.packs.content.assessed_rows import CODES
from perfpipe.packs.models.row import Row
from perfpipe.questions.printed_figures import PRINTED
from tests import care, pack_builders

EVERY = (FIGURES, ASSESSED, KNOWN_FIGURES, CHANGED_FIGURES, PRINTED, *(dataset.frame for dataset in DATASETS))
VISITS = Frame(
    "visits",
    (
        FrameColumn("child", "str", "who was seen"),
        FrameColumn("month", "str", "when"),
        FrameColumn("outcome", "str", "what came of it", blanks=True, words=("seen", "not seen")),
        FrameColumn("hours", "float64", "how long it took", blanks=True, least=0),
    ),
    key=("child", "month"),
)


def visits() -> pd.DataFrame:
    rows = [("C1", "2017-05", "seen", 1.5), ("C1", "2017-06", None, None), ("C2", "2017-05", "not seen", 0.0)]
    return pd.DataFrame(rows, columns=VISITS.names).astype(VISITS.dtypes)


@pytest.mark.parametrize("frame", EVERY, ids=lambda frame: frame.rows)
def test_each_column_is_stated_once_with_its_meaning_and_the_key_names_a_row(frame: Frame) -> None:
    names = [column.name for column in frame.columns]
    assert len(names) == len(set(names))
    assert all(column.meaning for column in frame.columns)
    assert frame.key
    assert set(frame.key) <= set(names)
    assert (frame.schema().strict, frame.schema().coerce, frame.schema().unique) == (True, False, list(frame.key))
    assert frame.checked(frame.empty()).empty


def test_what_fits_is_handed_on_as_it_is() -> None:
    given = visits()
    assert VISITS.checked(given) is given


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda rows: rows.assign(note="PRIVATE"), "column_in_schema"),
        (lambda rows: rows.drop(columns="hours"), "column_in_dataframe"),
        (lambda rows: rows.assign(hours=1), "dtype of hours"),
        (lambda rows: rows.assign(hours=-1.0), r"hours greater_than_or_equal_to\(0\)"),
        (lambda rows: rows.assign(outcome="PRIVATE"), r"outcome isin\(\['seen', 'not seen'\]\)"),
        (lambda rows: rows.assign(child=pd.Series(["PRIVATE", None, "C2"], dtype="str")), "child not_nullable"),
        (lambda rows: pd.concat([rows, rows.assign(outcome="seen")], ignore_index=True), "multiple_fields_uniqueness"),
    ],
)
def test_what_does_not_fit_is_told_by_column_and_check_without_a_value(
    spoil: Callable[[pd.DataFrame], pd.DataFrame], says: str
) -> None:
    with pytest.raises(AssertionError, match=f"^visits do not fit their schema: .*{says}") as raised:
        VISITS.checked(spoil(visits()))
    assert "PRIVATE" not in str(raised.value)
    assert "C1" not in str(raised.value)
    assert raised.value.__context__ is None  # pandera's error holds the values


def test_a_part_of_a_frame_has_its_key() -> None:
    part = VISITS.only(["hours"])
    assert part.names == ["child", "month", "hours"]
    assert len(part.checked(visits()[part.names])) == 3


def test_a_row_of_a_pack_has_columns_of_the_assessed_frame() -> None:
    kinds = {"float64": "float | None", "bool": "bool", "int64": "int"}
    for field in fields(Row):
        if field.name in CODES:
            assert {each.value for each in CODES[field.name]} | {""} == {*ASSESSED.column(field.name).words, ""}
        else:
            assert field.type == kinds.get(ASSESSED.dtypes[field.name], "str"), field.name


def test_a_verdict_has_the_columns_of_variation() -> None:
    kinds = {str: "str", float: "float64", bool: "bool", int: "int64"}
    told = {name: kinds[type(default)] for name, default in Verdict()._asdict().items()}
    assert told == {column.name: column.dtype for column in VARIATION} | OF_RUNS


TWO_WITH_ONE_KEY = "do not fit their schema: .*multiple_fields_uniqueness"


def test_two_figures_with_one_key_are_not_handed_to_assess() -> None:
    rows = care.measure_rows([("2017-05", "2017-05", [])], "2017-05", "2017-05")
    assert len(compute(rows, [care.PL[0]]))
    with pytest.raises(AssertionError, match=f"^figures {TWO_WITH_ONE_KEY}"):
        compute(rows, [care.PL[0], care.PL[0]])


def test_two_figures_with_one_key_are_not_handed_to_packs() -> None:
    figures = compute(care.measure_rows([("2017-05", "2017-05", [])], "2017-05", "2017-05"), [care.PL[0]])
    twice = pd.concat([figures, figures], ignore_index=True)
    with pytest.raises(AssertionError, match=f"^assessed figures {TWO_WITH_ONE_KEY}"):
        assess(twice, pack_builders.plan(), care.PL)
