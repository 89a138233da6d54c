"""Children in a series of short breaks (V3, V4): in the extract, but never counted as looked after."""

from __future__ import annotations

import random
from datetime import date, timedelta

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample.child import Child, Stay
from perfpipe_sample.homes import Home, find_home, postcode


def simulate_short_breaks(rng: random.Random, last_day: date) -> list[Child]:
    """Every child with short breaks, the agreements among them one long stay each."""
    children = [_child(rng, number) for number in range(p.SHORT_BREAK_CHILDREN + p.SHORT_BREAK_AGREEMENTS)]
    months = month_range(Month.of(p.SIMULATION_START), Month.of(last_day))
    for child in children[: p.SHORT_BREAK_CHILDREN]:
        home = _home(rng)
        for month in months:
            started_on = month.first_day + timedelta(days=rng.randrange(26, month.last_day.day))
            child.stays.append(_stay(started_on, "V3", home, started_on + timedelta(days=rng.randint(2, 3))))
    for child in children[p.SHORT_BREAK_CHILDREN :]:
        child.stays.append(_stay(p.SIMULATION_START + timedelta(days=rng.randrange(900)), "V4", _home(rng), None))
    return children


def _child(rng: random.Random, number: int) -> Child:
    born_on = date(2004, 1, 1) + timedelta(days=rng.randrange(1500))
    return Child(f"C{400001 + number}", born_on, "N2", postcode(rng, inside=True), runs_away=0, opens_up=0)


def _home(rng: random.Random) -> Home:
    return find_home(rng, rng.choice((p.HOME, p.OWN)))


def _stay(started_on: date, status: str, home: Home, ceased_on: date | None) -> Stay:
    return Stay(started_on, "S", status, home, ceased_on=ceased_on, cease_reason="E8" if ceased_on else None)
