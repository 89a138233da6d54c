"""The steps from what figures were made from then to what they are made from now, each of one kind of change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perfpipe.history.inputs import Extract, Inputs, ReadingMaker
from perfpipe.history.revision import Cause

Change = tuple[Cause, str, Inputs]  # what changed, which extract where it is one, and the inputs with it


def changes_between(maker: ReadingMaker, then: Inputs, now: Inputs, datasets: frozenset[str]) -> Iterator[Change]:
    """Layout, declared corrections, other settings, withdrawn extracts, plan, then newer extracts in their order.

    A withdrawn extract without which a month would have none goes last: what came in its place is compared with it.
    """
    at = replace(then, settings=then.settings.model_copy(update={"layouts": now.settings.layouts}))
    yield Cause.LAYOUT, "", at
    at = replace(at, settings=at.settings.with_corrections_of(now.settings))
    yield Cause.CORRECTION, "", at
    at = replace(at, settings=now.settings, places=now.places)
    yield Cause.SETTINGS, "", at
    last: list[Extract] = []
    for each in _by_time(maker, then.extracts - now.extracts, at, datasets):
        without = replace(at, extracts=at.extracts - {each})
        if _months(maker, without, datasets) >= _months(maker, at, datasets):
            at = without
            yield Cause.WITHDRAWN, _name(maker, each), at
        else:
            last.append(each)
    at = replace(at, plan=now.plan)
    yield Cause.COUNTING, "", at
    for each in _by_time(maker, now.extracts - then.extracts, now, datasets):
        at = replace(at, extracts=at.extracts | {each})
        yield Cause.ARRIVED, _name(maker, each), at
    for each in last:
        at = replace(at, extracts=at.extracts - {each})
        yield Cause.WITHDRAWN, _name(maker, each), at


def _by_time(
    maker: ReadingMaker, extracts: frozenset[Extract], inputs: Inputs, datasets: frozenset[str]
) -> list[Extract]:
    """Some extracts of some datasets in the order in which their source made them; not those that cannot be read."""
    made = maker.readings(replace(inputs, extracts=extracts), datasets)
    return [(each.extract_id, each.folder) for each in sorted(made, key=lambda r: (r.extracted_at, r.extract_id))]


def _months(maker: ReadingMaker, inputs: Inputs, datasets: frozenset[str]) -> set[tuple[str, int]]:
    """The months that some extract covers, by dataset."""
    return {
        (each.dataset.id, month)
        for each in maker.readings(inputs, datasets)
        for month in range(each.first_month.index, each.last_month.index + 1)
    }


def _name(maker: ReadingMaker, extract: Extract) -> str:
    found = maker.extracts[extract]
    return f"{found.folder}/{found.delivery.main_file}"
