"""Where looked-after children live: the kinds of setting, who suits which, and made-up addresses."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from perfpipe_sample import parameters as p

PLACES: Mapping[str, tuple[tuple[str, str | None, int], ...]] = {  # place, provider, weight
    p.OWN: (("U4", "PR1", 36), ("U5", "PR1", 3), ("U6", "PR1", 58), ("U6", "PR2", 3)),
    p.CONNECTED: (("U1", "PR1", 30), ("U2", "PR1", 4), ("U3", "PR1", 66)),
    p.AGENCY: (("U4", "PR4", 32), ("U6", "PR4", 48), ("U4", "PR5", 8), ("U6", "PR5", 12)),
    p.HOME: (("K2", "PR4", 74), ("K2", "PR1", 18), ("K2", "PR5", 5), ("K1", "PR2", 3)),
    p.ADOPTION: (("A5", "PR1", 20), ("A6", "PR1", 50), ("A6", "PR5", 20), ("A3", "PR1", 4), ("A4", "PR1", 6)),
    p.SEMI_INDEPENDENT: (("H5", "PR4", 70), ("H5", "PR5", 15), ("P2", "PR1", 15)),
    p.PARENTS: (("P1", "PR0", 100),),
    p.OTHER: (("R1", "PR4", 30), ("R3", "PR4", 30), ("R5", "PR3", 20), ("Z1", None, 20)),
}
CONTROL = 12  # how strongly a setting over its share is avoided, and one under it sought


@dataclass(frozen=True)
class Home:
    """One placement: its kind and where it is."""

    setting: str
    place: str
    provider: str | None
    postcode: str
    urn: str | None
    distance_miles: float
    location: str


def find_home(rng: random.Random, setting: str) -> Home:
    """A new placement of that kind."""
    kinds = PLACES[setting]
    place, provider, _ = rng.choices(kinds, [weight for *_, weight in kinds])[0]
    inside = rng.random() < p.SHARE_INSIDE[setting]
    miles = rng.uniform(0.3, 6.5) if inside else min(rng.lognormvariate(2.75, 0.75) + 2, 250)
    if inside and miles < p.FAR_CORNER:  # of a long authority
        miles += p.FAR_CORNER_MILES
    urn = f"SC9{rng.randint(10000, 99999)}" if setting == p.HOME else None
    return Home(setting, place, provider, postcode(rng, inside), urn, round(miles, 1), "IN" if inside else "OUT")


def postcode(rng: random.Random, inside: bool) -> str:
    """A postcode of an area that does not exist: ZZ inside the authority, ZY outside."""
    area = "ZZ" if inside else "ZY"
    return f"{area}{rng.randint(1, 9)} {rng.randint(1, 9)}{rng.choice('ABDEF')}{rng.choice('GHJLN')}"


def shares_on(day: date) -> dict[str, float]:
    """The share of children who should live in each kind of setting on a day."""
    points = p.SETTING_SHARES
    way, before, after = 0.0, points[-1][1], points[-1][1]
    for (start, earlier), (end, later) in pairwise(points):
        if day <= end:
            way = max((day - start).days / (end - start).days, 0.0)
            before, after = earlier, later
            break
    shares = [one + way * (other - one) for one, other in zip(before, after, strict=True)]
    return dict(zip(p.SETTINGS, shares, strict=True))


def suits(setting: str, age: float) -> float:
    """How readily a child of that age is placed there; 0 is never."""
    if setting == p.ADOPTION:
        return 0.0  # children are placed for adoption by a plan of its own
    if setting == p.HOME:
        return 0.0 if age < 8 else 0.25 if age < 12 else 1.6
    if setting == p.SEMI_INDEPENDENT:
        return 0.0 if age < 16 else 3.0
    if setting == p.OTHER:
        return 0.3 if age < 14 else 1.0
    return 1.0 if age < 15 else 0.6


def choose_setting(rng: random.Random, age: float, day: date, numbers: Mapping[str, int]) -> str:
    """A kind of setting for a child, drawn so that the numbers in each stay near their shares."""
    total = max(sum(numbers.values()), 1)
    weights = {}
    for setting, share in shares_on(day).items():
        short_of = share * total / max(numbers.get(setting, 0), 1)
        weights[setting] = share * suits(setting, age) * min(max(short_of, 0.3), 3.0) ** CONTROL
    return rng.choices(list(weights), list(weights.values()))[0]
