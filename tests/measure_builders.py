"""Measures changed for a test, whichever of their parts says what is changed."""

from __future__ import annotations

from dataclasses import fields, replace

from perfpipe.measures.definition import Measure

PARTS = ("basis", "counts", "shown", "mature")


def changed(measure: Measure, **changes: object) -> Measure:
    """The measure with fields changed: its own, or those of one of its parts."""
    for name, value in changes.items():
        of = [part for part in PARTS if name in {field.name for field in fields(getattr(measure, part))}]
        change = {of[0]: replace(getattr(measure, of[0]), **{name: value})} if of else {name: value}
        measure = replace(measure, **change)
    return measure
