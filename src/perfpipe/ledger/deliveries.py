"""Deliveries as the ledger has them: which extract came when into which folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from perfpipe.ledger.erasure_records import ErasedFile
from perfpipe.ledger.records import DeliveryRecord, ExtractInFolder, LastDelivery, StoredFile, was_known
from perfpipe.ledger.tables import deliveries, extract_files, extracts

Read = Callable[[sa.Select[*tuple[object, ...]]], Sequence[sa.Row[*tuple[object, ...]]]]


def last_deliveries(read: Read) -> dict[tuple[str, str, str], LastDelivery]:
    """The newest delivery of each file name in each folder, by dataset, folder and name."""
    query = sa.select(deliveries, extracts.c.dataset, extracts.c.withdrawn_at).join(
        extracts, deliveries.c.extract_id == extracts.c.id
    )
    found = read(query.order_by(deliveries.c.id))
    return {(row.dataset, row.folder, row.main_file): LastDelivery(_delivery(row), row.withdrawn_at) for row in found}


def stored_files(read: Read) -> list[tuple[str, StoredFile]]:
    """Every file of every extract, with a folder that it came in."""
    first = sa.select(deliveries.c.extract_id, sa.func.min(deliveries.c.folder).label("folder"))
    came = first.group_by(deliveries.c.extract_id).subquery()
    query = sa.select(came.c.folder, extract_files).join(came, came.c.extract_id == extract_files.c.extract_id)
    return [(row.folder, StoredFile(row.name, row.sha256, row.bytes)) for row in read(query)]


def extracts_known(
    read: Read, until: datetime | None, erased: Mapping[str, ErasedFile], withdrawn: bool = False
) -> list[ExtractInFolder]:
    """Extracts received and not withdrawn by then, one for each folder that they came in, by its first delivery.

    `erased`: the files that went, by their hashes; `withdrawn`: all that ever came, too.
    """
    files: dict[str, list[StoredFile]] = {}
    for file in read(sa.select(extract_files)):
        files.setdefault(file.extract_id, []).append(StoredFile(file.name, file.sha256, file.bytes))
    first_folder: dict[str, str] = {}
    claims: dict[tuple[str, str], list[sa.Row[*tuple[object, ...]]]] = {}
    for row in _claims(read, until, withdrawn):
        first_folder.setdefault(row.extract_id, row.folder)
        claims.setdefault((row.extract_id, row.folder), []).append(row)
    every = [
        ExtractInFolder(
            id=extract_id,
            dataset=rows[0].dataset,
            delivery=_delivery(rows[0]),
            first_folder=first_folder[extract_id],
            files=tuple(files[extract_id]),
            replaced=all(row.replaced for row in rows),
            given_to_another=all(row.given_to_another for row in rows),
            withdrawn_at=rows[0].withdrawn_at,
            erased={f.sha256: erased[f.sha256] for f in files[extract_id] if f.sha256 in erased},
        )
        for (extract_id, _), rows in claims.items()
    ]
    together: dict[tuple[str, str], list[set[StoredFile]]] = {}
    for each in every:
        together.setdefault((each.dataset, each.folder), []).append(set(each.files))
    return [
        replace(
            each, replaced=each.replaced or _are_part_of_another(set(each.files), together[each.dataset, each.folder])
        )
        for each in every
    ]


def _are_part_of_another(files: set[StoredFile], extracts_there: Sequence[set[StoredFile]]) -> bool:
    """Whether an extract of the same dataset and folder has all of these files and more: they were parts of it."""
    return any(files < other for other in extracts_there)


def _claims(read: Read, until: datetime | None, withdrawn: bool) -> Iterator[sa.Row[*tuple[object, ...]]]:
    """Each delivery of an extract that is not withdrawn by then, or of any, and what has since come under its name.

    `replaced`: another delivery of the dataset; `given_to_another`: one of another dataset.
    """
    later, whose = deliveries.alias("later"), extracts.alias("whose")
    named = (later.c.folder == deliveries.c.folder) & (later.c.main_file == deliveries.c.main_file)
    newer = named & (later.c.id > deliveries.c.id) & (later.c.extract_id == whose.c.id)
    own = whose.c.dataset == extracts.c.dataset
    replaced, given = (sa.exists().where(newer & such).correlate(deliveries, extracts) for such in (own, ~own))
    query = (
        sa.select(
            deliveries,
            extracts.c.dataset,
            extracts.c.withdrawn_at,
            replaced.label("replaced"),
            given.label("given_to_another"),
        )
        .join(extracts, deliveries.c.extract_id == extracts.c.id)
        .order_by(extracts.c.dataset, deliveries.c.id)
    )
    for row in read(query):
        known = was_known(row.received_at, row.recorded_at, row.withdrawn_at, until) if until else not row.withdrawn_at
        if withdrawn or known:
            yield row


def _delivery(row: sa.Row[*tuple[object, ...]]) -> DeliveryRecord:
    return DeliveryRecord(row.extract_id, row.folder, row.main_file, row.declared_at, row.received_at, row.recorded_at)
