"""Children who go missing, from care and from home, and the interviews they are offered afterwards."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import NormalDist

from perfpipe.dates.months import Month, add_months, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample.child import Child, Stay

DECLINED = {"declined_child": 55, "declined_parent": 10, "unable": 20, "missing_again": 15}
METHODS = {"Face to face": 80, "Telephone": 20}
STANDARD_NORMAL = NormalDist()
HOURS_WHEN_CLOCKS_CHANGE = (1,)  # local times in this hour may not exist, or exist twice


@dataclass
class Runaway:
    """A child who may go missing, whether or not looked after."""

    child_id: str
    born_on: date
    runs_away: float
    opens_up: float
    hosted: bool = False
    away_until: datetime | None = None


@dataclass
class Interview:
    """What truly became of one return: the offer, the answer and the interview, if any."""

    offered: bool
    outcome: str | None = None
    interview_at: datetime | None = None
    independent: str | None = None
    method: str | None = None


@dataclass
class Absence:
    """One missing or away episode as it truly happened."""

    runaway: Runaway
    category: str
    missing_from: datetime
    found_at: datetime
    returned_at: datetime
    looked_after: bool
    inside: bool
    not_required_reason: str | None = None
    interview: Interview = field(default_factory=lambda: Interview(False))


def simulate_missing(rng: random.Random, children: list[Child], last_day: date) -> list[Absence]:
    """Every missing and away episode, in order of its start."""
    known: dict[str, Runaway] = {}
    at_home, hosted = _Pool(rng, "C2", 170, 9), _Pool(rng, "C9", 14, 1)
    absences: list[Absence] = []
    for month in month_range(p.MISSING_START, Month.of(last_day)):
        month_absences: list[Absence] = []
        candidates = _in_care(children, month)
        weights = [child.runs_away * _readiness(child, month) for child in candidates]
        for _ in range(round(rng.gauss(p.MISSING_FROM_CARE_A_MONTH, 5))):
            child = rng.choices(candidates, weights)[0]
            runaway = known.setdefault(
                child.child_id, Runaway(child.child_id, child.born_on, child.runs_away, child.opens_up)
            )
            left_at = _moment(rng, month)
            stay = child.stay_on(left_at.date())
            if stay:
                month_absences += _absence(rng, runaway, left_at, stay)
        for pool, times in ((at_home, p.MISSING_FROM_HOME_A_MONTH), (hosted, p.HOSTED_A_MONTH)):
            pool.renew(month)
            for _ in range(round(rng.gauss(times, times**0.5 * 0.8))):
                month_absences += _absence(rng, pool.draw(), _moment(rng, month), None)
        absences += month_absences
    return sorted(absences, key=lambda absence: (absence.missing_from, absence.runaway.child_id))


class _Pool:
    """Children not in the authority's care who go missing for a year or two of their lives."""

    def __init__(self, rng: random.Random, prefix: str, size: int, renewed: int) -> None:
        self.rng, self.prefix, self.renewed = rng, prefix, renewed
        self._numbers = itertools.count(10001)
        self._active = [self._new(p.MISSING_START) for _ in range(size)]

    def _new(self, month: Month) -> Runaway:
        born_on = month.first_day - timedelta(days=int(self.rng.triangular(11, 16.5, 15) * 365.25))
        name = f"{self.prefix}{next(self._numbers)}"
        tendency = self.rng.lognormvariate(0, p.RUNNING_SPREAD)
        return Runaway(name, born_on, tendency, self.rng.gauss(), hosted=self.prefix == "C9")

    def renew(self, month: Month) -> None:
        """Some grow out of it, others begin."""
        for _ in range(self.renewed):
            self._active.pop(0)
            self._active.append(self._new(month))

    def draw(self) -> Runaway:
        """The next child to go missing."""
        return self.rng.choices(self._active, [child.runs_away for child in self._active])[0]


def _in_care(children: list[Child], month: Month) -> list[Child]:
    """The children who were looked after on some day of the month, or between two stays."""
    first, last = month.first_day, month.last_day
    return [
        child
        for child in children
        if child.stays[0].started_on <= last and (child.current.ceased_on is None or child.current.ceased_on > first)
    ]


def _readiness(child: Child, month: Month) -> float:
    """How the setting and age raise or lower a child's tendency to go missing."""
    age = child.age(month.first_day)
    stay = child.stay_on(month.first_day) or child.stays[0]
    setting = 3.0 if stay.home.setting in (p.HOME, p.SEMI_INDEPENDENT) else 1.0
    return setting * (0.0 if age < 10 else 0.15 if age < 13 else 1.0 if age < 16 else 1.5)


def _moment(rng: random.Random, month: Month) -> datetime:
    """A time of the month to five minutes, mostly in the evening."""
    hour = int(rng.triangular(0, 24, 21)) % 24
    day = month.first_day + timedelta(days=rng.randrange(month.last_day.day))
    return plain_time(datetime.combine(day, time(hour, 5 * rng.randrange(12))))


def plain_time(moment: datetime) -> datetime:
    """A local time that exists exactly once, and is not midnight, which would mean that no time is known."""
    if moment.hour in HOURS_WHEN_CLOCKS_CHANGE:
        moment += timedelta(hours=1)
    return moment + timedelta(minutes=5) if moment.time() == time() else moment


def _absence(rng: random.Random, runaway: Runaway, left_at: datetime, stay: Stay | None) -> list[Absence]:
    """One episode with its interview, unless the child is still away from the one before."""
    if runaway.away_until and left_at <= runaway.away_until:
        return []
    found_at = plain_time(_to_five_minutes(left_at + timedelta(hours=_hours_away(rng))))
    returned_at = found_at
    if rng.random() < 0.4:
        hours = rng.uniform(20, 60) if rng.random() < 0.03 else rng.uniform(0.5, 6)  # found far away, or near
        returned_at = plain_time(_to_five_minutes(found_at + timedelta(hours=hours)))
    runaway.away_until = returned_at
    inside = stay.home.location == "IN" if stay else True
    category = "A" if rng.random() < p.AWAY_SHARE else "M"
    absence = Absence(runaway, category, left_at, found_at, returned_at, stay is not None or runaway.hosted, inside)
    if rng.random() < p.NOT_REQUIRED_SHARE:
        reasons = p.NOT_REQUIRED_REASONS
        reason = rng.choices(list(reasons), list(reasons.values()))[0]
        of_age = add_months(runaway.born_on, 18 * 12) <= returned_at.date()
        absence.not_required_reason = "recorded_in_error" if reason == "aged_18" and not of_age else reason
    if absence.not_required_reason in (None, "other"):
        absence.interview = _interview(rng, absence)
    return [absence]


def _hours_away(rng: random.Random) -> float:
    """89% two days or less, 0.8% over 30 days."""
    chance = rng.random()
    if chance < 0.89:
        return min(rng.lognormvariate(2.0, 0.9), 48.0) + 0.3
    return rng.uniform(48, 24 * 12) if chance < 0.992 else rng.uniform(24 * 30, 24 * 75)


def _to_five_minutes(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def rates_for(absence: Absence) -> p.InterviewRates:
    """How likely the steps to an interview are, by the month of the return and where the child lives."""
    after = absence.returned_at.date() >= p.INTERVIEWS_STEP_UP
    if absence.inside:
        return p.RATES_AFTER if after else p.RATES_BEFORE
    return p.RATES_OUT_OF_AREA_AFTER if after else p.RATES_OUT_OF_AREA_BEFORE


def _interview(rng: random.Random, absence: Absence) -> Interview:
    rates = rates_for(absence)

    def happens(likely: float) -> bool:
        """Outcomes of one child resemble each other: part of the luck is the child's own."""
        own: float = p.CHILD_CORRELATION**0.5
        chance: float = (1 - p.CHILD_CORRELATION) ** 0.5
        luck = own * absence.runaway.opens_up + chance * rng.gauss()
        return luck < STANDARD_NORMAL.inv_cdf(likely)

    if not happens(rates.offered):
        return Interview(False)
    if not happens(rates.accepted):
        return Interview(True, rng.choices(list(DECLINED), list(DECLINED.values()))[0])
    if rng.random() >= rates.done:
        return Interview(True, "accepted")
    independent = rng.choices(("Y", "N", None), (80, 12, 8))[0]
    method = rng.choices(list(METHODS), list(METHODS.values()))[0]
    interview_at = _interview_time(rng, absence, soon=happens(rates.within_72h))
    return Interview(True, "accepted", interview_at, independent, method)


def _interview_time(rng: random.Random, absence: Absence, soon: bool) -> datetime:
    gap = absence.returned_at - absence.found_at
    if gap > timedelta(hours=18) and rng.random() < 0.7:
        return plain_time(_to_five_minutes(absence.found_at + gap * rng.uniform(0.2, 0.8)))
    if soon:
        at = absence.returned_at + timedelta(hours=rng.uniform(3, 71))
        in_office = at.replace(hour=rng.randint(9, 18))
        fits = timedelta() < in_office - absence.returned_at < timedelta(hours=71)
        return plain_time(_to_five_minutes(in_office if fits else at))
    later = absence.returned_at + timedelta(hours=min(74 + rng.lognormvariate(4.2, 0.9), 24 * 60))
    return plain_time(_to_five_minutes(later.replace(hour=max(9, min(later.hour, 18))) + timedelta(hours=10)))
