"""What the ledger is given comes back as it was, and its texts are stored as ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from perfpipe.datasets.definition import Selects
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger import tables
from perfpipe.ledger.figure_frames import CHANGED_FIGURES
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import (
    CorrectionOutcome,
    CorrectionResult,
    DeliveryRecord,
    EditionRecord,
    ExtractInFolder,
    ExtractRecord,
    FaultToFollow,
    LastDelivery,
    PackAudience,
    ReadingNotes,
    ReadingRecord,
    RunRecord,
    RunState,
    StoredFile,
    UsedReading,
)
from perfpipe.rules.rule import Severity

APRIL, MAY = Month(2017, 4), Month(2017, 5)
AT = datetime(2017, 6, 5, 8, 30, tzinfo=UTC)
FILE = StoredFile("placements.csv", "ab" * 32, 12)
DELIVERY = DeliveryRecord("e1", "2017-05", "placements.csv", None, AT, AT)
NOTES = ReadingNotes("local 2016-04", "note", True, (SeenColumn("Child", "child_id", "text", "A"),))
READING = ReadingRecord(
    "r1", "e1", "placements", "local", AT, APRIL, MAY, Selects.STARTED, True, "Sheet1", 3, "cd" * 32, NOTES
)  # fmt: skip
WARNED = Fault(
    "placements", "a.csv", "", 4, "A", "code_unknown", Severity.WARN, "A9", "a code", "Do", "", "i1", "2017-05"
)
RUN = RunRecord(MAY, APRIL, RunState.DONE, "f" * 64, None, AT, AT, "", "0.1", "12" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path)
    with opened.writing():
        opened.add_delivery("placements", [FILE], DELIVERY)
        opened.add_reading(READING, [WARNED, replace(WARNED, severity=Severity.INFO, identity="i2")])
    yield opened
    opened.close()


def test_a_delivery_comes_back_as_an_extract_in_its_folder(ledger: Ledger) -> None:
    assert ledger.extracts_known(None) == [ExtractInFolder("e1", "placements", DELIVERY, "2017-05", (FILE,), False)]
    assert ledger.last_deliveries() == {("placements", "2017-05", "placements.csv"): LastDelivery(DELIVERY, None)}
    assert ledger.files_of("e1") == [FILE]
    with ledger.writing():
        ledger.withdraw("e1", "sent by mistake", AT)
    assert ledger.extracts_named("e") == [ExtractRecord("e1", "placements", AT, "sent by mistake")]
    assert ledger.last_deliveries()["placements", "2017-05", "placements.csv"].withdrawn_at == AT
    assert ledger.extracts_known(None) == []


def test_an_extract_is_replaced_only_when_each_of_its_deliveries_in_the_folder_was(ledger: Ledger) -> None:
    with ledger.writing():
        ledger.add_delivery("placements", [FILE], replace(DELIVERY, extract_id="e2"))
    assert [(extract.id, extract.replaced) for extract in ledger.extracts_known(None)] == [("e1", True), ("e2", False)]
    with ledger.writing():
        ledger.add_delivery("placements", [FILE], DELIVERY)
    assert [(extract.id, extract.replaced) for extract in ledger.extracts_known(None)] == [("e1", False), ("e2", True)]


def test_a_reading_comes_back_with_its_faults(ledger: Ledger) -> None:
    assert ledger.reading("r1") == READING
    assert ledger.readings_known() == {"r1": READING}
    assert [fault.severity for fault in ledger.faults_of(["r1"])] == [Severity.WARN, Severity.INFO]
    assert ledger.faults_of(["r1"])[0] == WARNED
    assert ledger.faults_to_follow(["r1"]) == [FaultToFollow("r1", "code_unknown", 4, "", "i1", "2017-05")]


def test_what_corrections_met_is_told_by_reading(ledger: Ledger) -> None:
    met = [
        CorrectionOutcome("c1", 4, CorrectionResult.APPLIED),
        CorrectionOutcome("c2", 5, CorrectionResult.OTHER_VALUE),
    ]
    with ledger.writing():
        ledger.add_reading(READING, [], met)
    assert ledger.corrections_met(["r1", "r2"]) == {"r1": met}


def test_a_run_comes_back_with_its_readings_figures_and_editions(ledger: Ledger) -> None:
    edition = EditionRecord(1, MAY, PackAudience.RETURN, 1, "34" * 32)
    with ledger.writing():
        run_id = ledger.add_run(RUN, {"r1": (APRIL, MAY)}, [])
        ledger.add_figures(run_id, changed(value=0.5))
        ledger.add_pack(edition)
    assert ledger.runs() == [ledger.run(run_id)] == [replace(RUN, id=run_id)]
    assert ledger.readings_of(run_id) == [UsedReading(READING, (APRIL, MAY))]
    assert ledger.packs(PackAudience.RETURN) == [replace(edition, id=1)]
    assert ledger.packs(PackAudience.BOARD) == ledger.packs(PackAudience.RETURN, APRIL) == []
    (figure,) = ledger.figures_as_of(run_id, MAY, MAY).to_dict("records")
    assert (figure["value"], figure["run_id"], figure["known_at"].to_pydatetime()) == (0.5, run_id, AT)
    assert pd.isna(figure["target"])


def test_a_figure_retracted_is_no_more_known_and_the_runs_before_still_know_it(ledger: Ledger) -> None:
    with ledger.writing():
        first, second = ledger.add_run(RUN, {}, []), ledger.add_run(RUN, {}, [])
        ledger.add_figures(first, changed(value=0.5))
        ledger.add_figures(second, changed(value=None, retracted=True))
    assert [len(ledger.figures_as_of(run_id, MAY, MAY, ["value"])) for run_id in (first, second)] == [1, 0]


def changed(value: float | None, retracted: bool = False) -> pd.DataFrame:
    """One changed figure of May."""
    row = {
        "measure_id": "in_foster_care", "code": "PL-03", "month": "2017-05", "period": "month_end", "breakdown": "all",
        "group": "all", "numerator": 1.0, "denominator": 2.0, "value": value, "lower": None, "upper": None,
        "state": "ok", "state_reason": "", "unit": "percent", "provisional": False, "definition_version": 1,
        "left_out": 0, "left_out_of": 0, "left_out_why": "",
        "design_effect": 1.0, "spread": None,
        "target": None, "status": "no_target", "known_at": AT, "retracted": retracted,
    }  # fmt: skip
    return CHANGED_FIGURES.checked(pd.DataFrame([row]).astype(CHANGED_FIGURES.dtypes))


def test_texts_are_stored_as_ever(ledger: Ledger) -> None:
    with ledger.writing():
        ledger.add_run(replace(RUN, state=RunState.UNCHANGED), {"r1": (APRIL, MAY)}, [])
    with ledger._engine.connect() as connection:
        run = connection.execute(sa.text("select state, month, known_at from runs")).one()
        assert tuple(run) == ("unchanged", "2017-05", "2017-06-05T08:30:00Z")
        reading = connection.execute(sa.text('select selects_by, first_month, "columns" from readings')).one()
        assert tuple(reading) == (
            "started", "2017-04",
            '{"layout": "local 2016-04", "time_from": "note", "unfinished": true,'
            ' "seen": [["Child", "child_id", "text", "A"]], "accepted": []}',
        )  # fmt: skip
        assert connection.execute(sa.text("select months from run_readings")).scalar() == "2017-04 2017-05"
        assert connection.execute(sa.text("select severity from faults order by id")).scalar() == "warn"


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (StoredFile, tables.extract_files), (ExtractRecord, tables.extracts), (DeliveryRecord, tables.deliveries),
        (ReadingRecord, tables.readings), (CorrectionOutcome, tables.reading_corrections), (RunRecord, tables.runs),
        (EditionRecord, tables.packs), (Fault, tables.faults),
    ],
)  # fmt: skip
def test_a_record_has_every_column_of_its_table(record: type, table: sa.Table) -> None:
    names = {field.name for field in fields(record)}
    assert names <= set(table.columns.keys())
    assert set(table.columns.keys()) - names <= {"id", "extract_id", "reading_id", "run_id"}
