"""Deliveries as the ledger has them: which extract came when into which folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from perfpipe.ledger.records import DeliveryRecord, ExtractInFolder, LastDelivery, StoredFile
from perfpipe.ledger.tables import deliveries, extract_files, extracts

Read = Callable[[sa.Select[*tuple[object, ...]]], Sequence[sa.Row[*tuple[object, ...]]]]


def last_deliveries(read: Read) -> dict[tuple[str, str], LastDelivery]:
    """The newest delivery of each file name in each folder, by folder and name."""
    query = sa.select(deliveries, extracts.c.withdrawn_at).join(extracts, deliveries.c.extract_id == extracts.c.id)
    found = (LastDelivery(_delivery(row), row.withdrawn_at) for row in read(query.order_by(deliveries.c.id)))
    return {(each.delivery.folder, each.delivery.main_file): each for each in found}


def stored_files(read: Read) -> list[tuple[str, StoredFile]]:
    """Every file of every extract, with a folder that it came in."""
    first = sa.select(deliveries.c.extract_id, sa.func.min(deliveries.c.folder).label("folder"))
    came = first.group_by(deliveries.c.extract_id).subquery()
    query = sa.select(came.c.folder, extract_files).join(came, came.c.extract_id == extract_files.c.extract_id)
    return [(row.folder, StoredFile(row.name, row.sha256, row.bytes)) for row in read(query)]


def extracts_known(read: Read, until: datetime | None) -> list[ExtractInFolder]:
    """Extracts received by then and not withdrawn, one for each folder that they came in, by its first delivery."""
    files: dict[str, list[StoredFile]] = {}
    for file in read(sa.select(extract_files)):
        files.setdefault(file.extract_id, []).append(StoredFile(file.name, file.sha256, file.bytes))
    first_folder: dict[str, str] = {}
    claims: dict[tuple[str, str], list[sa.Row[*tuple[object, ...]]]] = {}
    for row in _claims(read, until):
        first_folder.setdefault(row.extract_id, row.folder)
        claims.setdefault((row.extract_id, row.folder), []).append(row)
    return [
        ExtractInFolder(
            id=extract_id,
            dataset=rows[0].dataset,
            delivery=_delivery(rows[0]),
            first_folder=first_folder[extract_id],
            files=tuple(files[extract_id]),
            replaced=all(row.replaced for row in rows),
        )
        for (extract_id, _), rows in claims.items()
    ]


def _claims(read: Read, until: datetime | None) -> Iterator[sa.Row[*tuple[object, ...]]]:
    """Each delivery of an extract that is not withdrawn, and whether another file has since come under its name."""
    later = deliveries.alias("later")
    newer = (later.c.folder == deliveries.c.folder) & (later.c.main_file == deliveries.c.main_file)
    replaced = sa.exists().where(newer & (later.c.id > deliveries.c.id)).correlate(deliveries)
    query = (
        sa.select(deliveries, extracts.c.dataset, replaced.label("replaced"))
        .join(extracts, deliveries.c.extract_id == extracts.c.id)
        .where(extracts.c.withdrawn_at.is_(None))
        .order_by(extracts.c.dataset, deliveries.c.id)
    )
    return (row for row in read(query) if until is None or row.received_at <= until)


def _delivery(row: sa.Row[*tuple[object, ...]]) -> DeliveryRecord:
    return DeliveryRecord(row.extract_id, row.folder, row.main_file, row.declared_at, row.received_at, row.recorded_at)
