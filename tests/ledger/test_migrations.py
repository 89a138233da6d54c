"""A ledger made by an earlier version is brought up to date and keeps what it holds."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import perfpipe.ledger.migrations
from perfpipe.ledger.ledger import REVISION, Ledger
from perfpipe.ledger.tables import metadata

FIRST = "0001"


def ledger_at(folder: Path, revision: str) -> sa.Engine:
    """A ledger's database as it was at a revision."""
    engine = sa.create_engine(f"sqlite:///{folder / 'ledger.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(perfpipe.ledger.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_a_first_ledger_keeps_its_readings_and_gets_every_column(tmp_path: Path) -> None:
    engine = ledger_at(tmp_path, FIRST)
    with engine.begin() as connection:
        connection.execute(sa.text("insert into extracts (id, dataset) values ('e1', 'placements')"))
        connection.execute(
            sa.text(
                "insert into readings (id, extract_id, dataset, layout, extracted_at, first_month, last_month,"
                " selects_by, declared, sheet, rows) values ('r1', 'e1', 'placements', 'standard',"
                " '2017-05-31T22:59:59Z', '2017-05', '2017-05', 'overlap', 0, '', 3)"
            )
        )
    engine.dispose()
    ledger = Ledger.open(tmp_path)
    try:
        reading = ledger.reading("r1")
        assert reading is not None
        assert (reading["rows"], reading["content_sha256"], reading["columns"]) == (3, None, None)
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
