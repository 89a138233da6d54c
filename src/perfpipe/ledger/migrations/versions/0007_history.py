"""What audiences saw, why figures were made again, and who did what.

What older editions showed is filled in from their stored figures: of the whole authority in each month that they hold,
of groups in the report month and a year before it. The newest edition of each month counts as seen where the plan names
no meetings, as nobody could release it then.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = ("measure_id", "month", "period", "breakdown", "group")
TEXTS = ("state", "status", "number", "shown")


def upgrade() -> None:
    """Add tables and columns, and fill in what was shown."""
    _history_tables()
    for column in (
        sa.Column("kept", sa.Text(), nullable=True),
        sa.Column("seen", sa.Text(), nullable=True),
        sa.Column("login", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("runs", column)
    op.execute("ALTER TABLE runs ADD COLUMN backfill_id INTEGER REFERENCES backfills (id)")
    _packs_of_kinds()
    _cells_table()
    _fill_in()
    _fill_in_events()
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_no_{change.lower()} BEFORE {change} ON events"
            " BEGIN SELECT RAISE(ABORT, 'events are never changed or removed'); END"
        )


def _history_tables() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("finished_at", sa.String(32)),
    )
    op.create_table(
        "first_figures",
        sa.Column("cut", sa.String(7), primary_key=True),
        *(sa.Column(name, sa.String(64), primary_key=True) for name in KEY),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("numerator", sa.Float()),
        sa.Column("denominator", sa.Float()),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7)),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )


def _packs_of_kinds() -> None:
    """Another table in the place of the old one, as its constraint changes and nothing refers to it yet."""
    op.create_table(
        "packs_of_kinds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.UniqueConstraint("month", "audience", "kind", "edition"),
    )
    names = "id, run_id, month, audience, edition, manifest_sha256"
    op.execute(f"INSERT INTO packs_of_kinds ({names}, kind) SELECT {names}, 'edition' FROM packs ORDER BY id")
    op.drop_table("packs")
    op.rename_table("packs_of_kinds", "packs")


def _cells_table() -> None:
    op.create_table(
        "published_cells",
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("packs.id"), primary_key=True),
        *(sa.Column(name, sa.String(64), primary_key=True) for name in KEY),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("packs.id"), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("released_on", sa.String(10), nullable=False),
        sa.Column("released_by", sa.String(16), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.Column("reopened_at", sa.String(32)),
        sa.Column("reopened_reason", sa.Text(), nullable=False),
    )


def _fill_in() -> None:
    connection = op.get_bind()
    packs = connection.execute(
        sa.text(
            "SELECT packs.id, packs.run_id, packs.month, runs.first_month, runs.run_at FROM packs"
            " JOIN runs ON runs.id = packs.run_id WHERE packs.audience = 'board' ORDER BY packs.id"
        )
    ).all()
    newest = {}
    for pack in packs:
        newest[pack.month] = pack
        cells = [_cell(pack.id, figure) for figure in _figures(connection, pack)]
        if cells:
            columns = ["pack_id", *KEY, *TEXTS]
            places = ", ".join(f":{name}" for name in columns)
            named = ", ".join(f'"{name}"' for name in columns)
            connection.execute(sa.text(f"INSERT INTO published_cells ({named}) VALUES ({places})"), cells)
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for pack in newest.values():
        connection.execute(
            sa.text(
                "INSERT INTO releases (pack_id, audience, released_on, released_by, role, login, note, recorded_at,"
                " reopened_reason) VALUES (:pack, 'board', :day, 'upgrade', '', '', '', :now, '')"
            ),
            {"pack": pack.id, "day": pack.run_at[:10], "now": now},
        )


def _fill_in_events() -> None:
    """What older tables say of receipts, withdrawals and published runs; who did it was not kept."""
    months = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]'"
    received = (
        f"SELECT d.recorded_at AS at, 'received' AS what, CASE WHEN d.folder {months} AND substr(d.folder, 6) <= '12'"
        " THEN d.folder END AS month, e.dataset || ' ' || substr(e.id, 1, 12) AS about, d.main_file AS why"
        " FROM deliveries d JOIN extracts e ON e.id = d.extract_id"
    )
    withdrawn = (
        "SELECT withdrawn_at, 'withdrawn', NULL, dataset || ' ' || substr(id, 1, 12), coalesce(withdrawn_reason, '')"
        " FROM extracts WHERE withdrawn_at IS NOT NULL"
    )
    published = (
        "SELECT r.run_at, 'published', r.month, 'board edition ' || p.edition, r.reason"
        " FROM packs p JOIN runs r ON r.id = p.run_id WHERE p.audience = 'board'"
    )
    op.execute(
        "INSERT INTO events (\"at\", role, login, what, month, about, why) SELECT at, '', '', what, month, about, why"
        f" FROM ({received} UNION ALL {withdrawn} UNION ALL {published}) ORDER BY at"
    )


def _figures(connection: sa.Connection, pack: sa.Row[*tuple[object, ...]]) -> list[sa.Row[*tuple[object, ...]]]:
    """What was known after the run of a pack, of the figures that it showed."""
    year, number = map(int, pack.month.split("-"))
    query = sa.text(
        'SELECT measure_id, month, period, breakdown, "group", state, status, unit, target, value, numerator,'
        " denominator, retracted, max(run_id) FROM figures WHERE run_id <= :run AND month >= :first AND month <= :last"
        " AND (breakdown = 'all' OR month = :last OR month = :before)"
        ' GROUP BY measure_id, month, period, breakdown, "group"'
    )
    spans = {"run": pack.run_id, "first": pack.first_month, "last": pack.month, "before": f"{year - 1}-{number:02}"}
    return [figure for figure in connection.execute(query, spans) if not figure.retracted]


def _cell(pack_id: int, figure: sa.Row[*tuple[object, ...]]) -> dict[str, object]:
    from perfpipe.measures.counts import Unit
    from perfpipe.measures.shown_numbers import rounded, shown_number
    from perfpipe.measures.words import MARKERS, NOT_AVAILABLE

    cell = {"pack_id": pack_id, **{name: getattr(figure, name) for name in KEY}}
    cell |= {"state": figure.state, "status": figure.status or "", "number": ""}
    if figure.state != "ok" or figure.value is None:
        return cell | {"shown": MARKERS.get(figure.state, NOT_AVAILABLE)}
    unit = Unit(figure.unit)
    number = shown_number(
        figure.value, figure.numerator, figure.denominator, unit, figure.target or "", figure.status or ""
    )
    return cell | {"number": str(rounded(number.exact, unit, number.decimals)), "shown": number.text}
