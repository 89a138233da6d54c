"""Children who enter care, move within it and leave it, as it truly happened."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from perfpipe.dates.months import Month, add_months, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample.busy_months import spread
from perfpipe_sample.child import (
    UNACCOMPANIED,
    Child,
    Stay,
    could_be_adopted,
    could_stay_elsewhere,
    likely_to_leave,
    likely_to_move,
    ready_for_adoption,
)
from perfpipe_sample.homes import choose_setting, find_home, postcode, shares_on

CHANGE_REASONS = {
    "CARPL": 45,
    "CREQB": 18,
    "CREQO": 10,
    "CHILD": 7,
    "LAREQ": 5,
    "STAND": 4,
    "ALLEG": 4,
    "CLOSE": 4,
    "APPRR": 1,
    "OTHER": 2,
}
WAYS_OUT = {"E4A": 34, "E4B": 10, "E13": 8, "E41": 14, "E3": 2, "E5": 10, "E6": 4, "E8": 18}
NEEDS = {"N1": 62, "N2": 4, "N3": 5, "N4": 9, "N5": 13, "N6": 4, "N7": 2}
WITH_CURRENT_CARERS = ("A3", "A5")  # who adopt the child: the home stays the same
FAMILIES = (p.OWN, p.CONNECTED, p.AGENCY)
TOGETHER = 0.6  # of siblings are placed in the same family
TEMPORARY_DAYS = {"T1": (2, 9), "T3": (6, 15), "T4": (2, 6)}


def simulate_children(rng: random.Random, last_day: date) -> list[Child]:
    """Every child looked after between the start of the simulation and its last day."""
    care = _Care(rng)
    for month in month_range(Month.of(p.SIMULATION_START), Month.of(last_day)):
        care.live_through(month, last_day)
    return care.children


class _Care:
    """The care system: who is in it, and an agenda of what happens next."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.children: list[Child] = []
        self._in_care: list[Child] = []
        self._settings: Counter[str] = Counter()
        self._agenda: list[tuple[date, int, Callable[[date], None]]] = []
        self._serial = itertools.count()
        self._ends_in_hand = 0  # ends by age, which take the place of ends by choice
        self._adoptions: Counter[Month] = Counter()
        for _ in range(p.INITIAL_LOOKED_AFTER):
            child = self._enter_one(p.SIMULATION_START - timedelta(days=rng.randint(1, 1500)))
            if child.age(p.SIMULATION_START) > 17.9:  # would have left by now: be six years younger
                child.born_on = add_months(child.born_on, 6 * 12)

    def live_through(self, month: Month, last_day: date) -> None:
        """Everything that happens in one month, in order."""
        if month.number == 4:
            self._plan_year(month.year)
        self._plan_month(month)
        while self._agenda and self._agenda[0][0] <= min(month.last_day, last_day):
            day, _, happen = heapq.heappop(self._agenda)
            happen(day)

    # --- Plans ---

    def _at(self, day: date, happen: Callable[[date], None]) -> None:
        heapq.heappush(self._agenda, (day, next(self._serial), happen))

    def _plan_year(self, year: int) -> None:
        numbers = p.CARE_YEARS[min(year, max(p.CARE_YEARS))]
        remaining = numbers.starts
        groups = []
        while remaining:
            size = min(self.rng.choices(list(p.SIBLING_GROUPS), list(p.SIBLING_GROUPS.values()))[0], remaining)
            groups.append(size)
            remaining -= size
        for size, day in zip(groups, spread(self.rng, len(groups), year), strict=True):
            self._at(day, partial(self._enter, size))
        ways = [self._adopted] * numbers.adoptions + [self._guardianship] * numbers.guardianships
        ways += [self._leave] * (numbers.ends - len(ways))
        self.rng.shuffle(ways)
        for way, day in zip(ways, spread(self.rng, len(ways), year), strict=True):
            self._at(day, way)
            self._adoptions[Month.of(day)] += way == self._adopted

    def _plan_month(self, month: Month) -> None:
        def sometime(times: float, happen: Callable[[date], None]) -> None:
            for _ in range(round(self.rng.gauss(times, times**0.5))):
                self._at(month.first_day + timedelta(days=self.rng.randrange(month.last_day.day)), happen)

        for child in self._in_care:
            birthday = add_months(child.born_on, 18 * 12)
            if Month.of(birthday) == month:
                self._at(birthday, partial(self._turn_eighteen, child))
        sometime(p.MOVES_A_MONTH, self._move)
        sometime(p.LEGAL_CHANGES_A_MONTH, self._change_legal_status)
        for code, times in p.TEMPORARY_A_MONTH.items():
            holidays = p.CARERS_HOLIDAYS.get(month.number, times) if code == "T3" else times
            sometime(holidays, partial(self._move_for_a_while, code))
        wanted = shares_on(month.last_day)[p.ADOPTION] * len(self._in_care)
        short = wanted - self._settings[p.ADOPTION] + self._adoptions[month]
        for _ in range(max(round(short), 0)):
            self._at(month.first_day + timedelta(days=self.rng.randrange(20)), self._place_for_adoption)

    # --- What happens ---

    def _enter(self, size: int, day: date) -> None:
        first = self._enter_one(day)
        for _ in range(size - 1):
            self._enter_one(day, sibling=first)

    def _enter_one(self, day: date, sibling: Child | None = None) -> Child:
        child = self._new_child(day, sibling)
        age = child.age(day)
        with_sibling = sibling is not None and sibling.current.home.setting in FAMILIES
        if sibling and with_sibling and self.rng.random() < TOGETHER:
            home = sibling.current.home
        else:
            home = find_home(self.rng, choose_setting(self.rng, age, day, self._settings))
        status = "V2"
        if child.need != UNACCOMPANIED:
            status = self.rng.choices(("V2", "C1", "C2", "J1"), (55, 38, 5, 2))[0]
        child.stays.append(Stay(day, "S", status, home))
        self.children.append(child)
        self._in_care.append(child)
        self._settings[home.setting] += 1
        birthday = add_months(child.born_on, 18 * 12)
        if Month.of(birthday) == Month.of(day):  # the month's other birthdays are on the agenda already
            self._at(birthday, partial(self._turn_eighteen, child))
        return child

    def _new_child(self, day: date, sibling: Child | None) -> Child:
        rng = self.rng
        share = p.UNACCOMPANIED_SHARE.get(Month.of(day).financial_year_start.year, p.UNACCOMPANIED_OTHERWISE)
        alone = sibling is None and rng.random() < share
        ages = rng.choices([ages for ages, _ in p.ENTRY_AGES], [weight for _, weight in p.ENTRY_AGES])[0]
        age = rng.uniform(15.5, 17.6) if alone else rng.uniform(*ages)
        if alone:
            need = UNACCOMPANIED
        else:
            need = sibling.need if sibling else rng.choices(list(NEEDS), list(NEEDS.values()))[0]
        return Child(
            child_id=f"C{100001 + len(self.children)}",
            born_on=day - timedelta(days=int(age * 365.25) + 1),
            need=need,
            home_postcode=sibling.home_postcode if sibling else postcode(rng, inside=True),
            runs_away=rng.lognormvariate(0, p.RUNNING_SPREAD),
            opens_up=rng.gauss(),
        )

    def _move(self, day: date) -> None:
        child = self._pick(day, likely_to_move)
        if child and child.current.home.setting != p.ADOPTION:
            home = find_home(self.rng, choose_setting(self.rng, child.age(day), day, self._settings))
            reason = self.rng.choices(list(CHANGE_REASONS), list(CHANGE_REASONS.values()))[0]
            self._next_stay(child, Stay(day, "P", child.current.legal_status, home), reason)

    def _place_for_adoption(self, day: date) -> None:
        child = self._pick(day, could_be_adopted)
        if child:
            home = find_home(self.rng, p.ADOPTION)
            stays = home.place in WITH_CURRENT_CARERS
            if stays:
                home = replace(child.current.home, setting=p.ADOPTION, place=home.place, provider=home.provider)
            self._next_stay(child, Stay(day, "U" if stays else "B", "E1", home), "PLACE" if stays else "CARPL")

    def _change_legal_status(self, day: date) -> None:
        child = self._pick(day, lambda child, _: child.current.legal_status in ("V2", "C1"))
        if child:
            now = child.current
            status = "C1" if now.legal_status == "V2" else "C2"
            self._next_stay(child, Stay(day, "L", status, now.home), None)

    def _move_for_a_while(self, code: str, day: date) -> None:
        child = self._pick(day, could_stay_elsewhere)
        if child:
            self._next_stay(child, Stay(day, "P", child.current.legal_status, child.current.home, code), None)
            self._at(day + timedelta(days=self.rng.randint(*TEMPORARY_DAYS[code])), partial(self._return, child))

    def _return(self, child: Child, day: date) -> None:
        now = child.current
        self._next_stay(child, Stay(day, "P", now.legal_status, now.home), None)

    def _turn_eighteen(self, child: Child, day: date) -> None:
        if child.current.ceased_on is None:
            self._end(child, day, self.rng.choice(("E5", "E6", "E7", "E15")))
            self._ends_in_hand += 1

    def _leave(self, day: date) -> None:
        if self._ends_in_hand:
            self._ends_in_hand -= 1
            return
        child = self._pick(day, likely_to_leave)
        if child:
            self._end(child, day, self.rng.choices(list(WAYS_OUT), list(WAYS_OUT.values()))[0])

    def _adopted(self, day: date) -> None:
        child = self._pick(day, ready_for_adoption)
        if child:
            self._end(child, day, self.rng.choice(("E11", "E12")))
        else:
            self._leave(day)

    def _guardianship(self, day: date) -> None:
        child = self._pick(day, lambda child, _: child.current.home.setting in (p.OWN, p.CONNECTED))
        if child:
            self._end(child, day, self.rng.choice(("E43", "E44")))

    # --- Steps that all of these share ---

    def _pick(self, day: date, likely: Callable[[Child, date], float]) -> Child | None:
        """A child in care who did not move today and is not away for a while, as likely as `likely` says."""
        for _ in range(5000):
            child = self.rng.choice(self._in_care)
            settled = child.current.started_on < day and child.current.temporary is None
            if settled and self.rng.random() < likely(child, day):
                return child
        return None

    def _next_stay(self, child: Child, stay: Stay, reason: str | None) -> None:
        now = child.current
        now.ceased_on, now.cease_reason, now.change_reason = stay.started_on, "X1", reason
        self._settings[now.home.setting] -= 1
        self._settings[stay.home.setting] += 1
        child.stays.append(stay)

    def _end(self, child: Child, day: date, reason: str) -> None:
        child.current.ceased_on, child.current.cease_reason = day, reason
        self._settings[child.current.home.setting] -= 1
        self._in_care.remove(child)
