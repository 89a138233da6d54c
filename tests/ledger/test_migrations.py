"""A ledger made by an earlier version is brought up to date and keeps what it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import perfpipe.ledger.migrations
from perfpipe.datasets import DATASETS
from perfpipe.ledger.column_types import metadata
from perfpipe.ledger.database import open_database
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.sqlite_file import REVISION
from perfpipe.rules.rule import UNUSABLE

FIRST = "0001"


@pytest.fixture(autouse=True)
def _ledgers_are_made_by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfpipe.ledger.ledger_file.open_database", open_database)


def ledger_at(folder: Path, revision: str) -> sa.Engine:
    """A ledger's database as it was at a revision."""
    engine = sa.create_engine(f"sqlite:///{folder / 'ledger.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(perfpipe.ledger.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def store_a_reading(connection: sa.Connection) -> None:
    """An extract and its reading, r1, as the first ledger had them."""
    connection.execute(sa.text("insert into extracts (id, dataset) values ('e1', 'placements')"))
    connection.execute(
        sa.text(
            "insert into readings (id, extract_id, dataset, layout, extracted_at, first_month, last_month,"
            " selects_by, declared, sheet, rows) values ('r1', 'e1', 'placements', 'standard',"
            " '2017-05-31T22:59:59Z', '2017-05', '2017-05', 'overlap', 0, '', 3)"
        )
    )


def test_a_first_ledger_keeps_its_readings_and_gets_every_column(tmp_path: Path) -> None:
    engine = ledger_at(tmp_path, FIRST)
    with engine.begin() as connection:
        store_a_reading(connection)
    engine.dispose()
    ledger = Ledger.open(tmp_path)
    try:
        reading = ledger.reading("r1")
        assert reading is not None
        assert (reading.rows, reading.content_sha256, reading.notes) == (3, None, None)
    finally:
        ledger.close()


def test_a_migrated_ledger_has_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    engine = ledger_at(tmp_path, "head")
    found = sa.inspect(engine)
    columns = {table: {column["name"] for column in found.get_columns(table)} for table in found.get_table_names()}
    assert {name: {column.name for column in table.columns} for name, table in metadata.tables.items()} == {
        name: names for name, names in columns.items() if name != "alembic_version"
    }
    with engine.connect() as connection:
        assert connection.execute(sa.text("select version_num from alembic_version")).scalar() == REVISION
    engine.dispose()


# as 0.1.0 stored them: rule, what it named, and the defect that it is now
STORED = [
    ("return_before_missing", "rhi_offered rhi_offered_within_72h rhi_accepted rhi_overdue", "return_time_wrong"),
    ("return_after_extract", "rhi_offered rhi_offered_within_72h rhi_accepted rhi_overdue", "return_time_wrong"),
    ("interview_before_found", "rhi_within_72h rhi_median_hours", "interview_before_return"),
    ("interview_after_extract", "rhi_completed rhi_independent rhi_within_72h", "interview_in_future"),
    ("offered_before_missing", "rhi_offered_within_72h", "offer_before_missing"),
    ("fte_blank", "turnover_12_months new_appointments_fte", "fte_not_known"),
    ("covering_above_agency", "agency_covering_vacancies", "more_cover_than_agency"),
    ("covering_above_vacancies", "vacancies_covered_by_agency", "more_cover_than_vacancies"),
    ("referral_after_start", "assessments_within_45_days assessments_due_in_time", "referral_date_wrong"),
    ("audit_not_graded", "audits_good reaudits_improved", "overall_grade_missing"),
    ("audit_before_not_graded", "reaudits_improved", "earlier_grade_missing"),
    ("stage_1_ended_before_registered", "adopters_stage_1_in_time", "stage_1_dates_wrong"),
    ("approved_before_stage_2", "adopters_stage_2_in_time", "stage_2_dates_wrong"),
    ("ceased_before_started", "*", "*"),  # in no figure
    ("date_unreadable", "*", "*"),
    ("date_unreadable", "", ""),  # counts as blank
    ("not_followed_up", "", ""),
    ("a_rule_of_then", "some_measure", "some_measure"),  # of a version nobody knows: still out of some figure
]


def test_what_faults_named_becomes_the_defect_that_they_mark(tmp_path: Path) -> None:
    engine = ledger_at(tmp_path, "0003")
    columns = ("dataset", "file", "sheet", "column", "severity", "found", "expected", "what_to_do", "held_until")
    fault = {name: name for name in columns} | {"severity": "exclude"}
    with engine.begin() as connection:
        store_a_reading(connection)
        stored = [
            {**fault, "reading_id": "r1", "row": row, "rule": rule, "excludes_from": named, "identity": f"i{row}"}
            for row, (rule, named, _) in enumerate(STORED, 2)
        ]
        table = sa.table("faults", *(sa.column(name) for name in stored[0]))
        connection.execute(table.insert(), stored)
    engine.dispose()
    ledger = Ledger.open(tmp_path)
    try:
        kept = ledger.faults_of(["r1"])
        followed = ledger.faults_to_follow(["r1"])
    finally:
        ledger.close()
    assert [(fault.rule, fault.defect) for fault in kept] == [(rule, defect) for rule, _, defect in STORED]
    assert [fault.row for fault in kept] == [*range(2, len(STORED) + 2)]
    assert (kept[0].identity, kept[0].held_until, kept[0].found) == ("i2", "held_until", "found")
    assert [fault.defect for fault in followed] == [defect for *_, defect in STORED]


def test_the_defects_that_old_faults_are_given_are_those_of_today() -> None:
    today = {
        check.rule.id: check.rule.defect.id
        for dataset in DATASETS
        for check in dataset.checks
        if check.rule.defect not in (None, UNUSABLE)
    }
    assert {rule: defect for rule, _, defect in STORED if defect not in ("", "*", "some_measure")} == {
        rule: defect
        for rule, defect in today.items()
        if rule not in ("fte_impossible", "referral_after_extract")  # which then only warned, and was no rule
    }


def test_a_migration_that_fails_half_way_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", broken)
        patch.setattr("alembic.op.execute", broken)
        with pytest.raises(RuntimeError, match="killed"):
            Ledger.open(tmp_path)
    connection = sqlite3.connect(tmp_path / "ledger.db")
    assert connection.execute("select name from sqlite_master").fetchall() == []
    connection.close()
    Ledger.open(tmp_path).close()


def test_what_was_done_before_events_were_kept_is_filled_in(tmp_path: Path) -> None:
    engine = ledger_at(tmp_path, "0006")
    with engine.begin() as connection:
        for statement in (
            "insert into extracts (id, dataset, withdrawn_at, withdrawn_reason) values"
            " ('0123456789abcdef', 'placements', '2017-07-01T10:00:00Z', 'sent twice')",
            "insert into deliveries (extract_id, folder, main_file, received_at, recorded_at) values"
            " ('0123456789abcdef', '2017-05', 'p.csv', '2017-06-06T00:00:00Z', '2017-06-07T09:00:00Z')",
            "insert into deliveries (extract_id, folder, main_file, received_at, recorded_at) values"
            " ('0123456789abcdef', '2017-18', 'p.csv', '2017-06-06T00:00:00Z', '2017-06-08T09:00:00Z')",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()
    ledger = Ledger.open(tmp_path)
    try:
        found = [(e.what.value, str(e.month), e.about, e.why) for e in ledger.events()]
    finally:
        ledger.close()
    about = "placements 0123456789ab"
    assert found == [
        ("received", "2017-05", about, "p.csv"),
        ("received", "None", about, "p.csv"),
        ("withdrawn", "None", about, "sent twice"),
    ]
