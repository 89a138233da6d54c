"""Social workers who are appointed, move between teams and leave, and the agency workers beside them.

The yearly numbers are drawn up first, then who and when: the published census figures come out exactly.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.records import PostHeld, WorkforceMonth

REASONS = {
    "resignation": 70,
    "retired": 10,
    "moved_within_la": 8,
    "career_break": 6,
    "dismissed": 2,
    "other": 4,
}
DESTINATIONS = {"other_la": 45, "agency": 22, "not_known": 18, "other_social_work": 8, "not_social_care": 7}
ROLES = {"Social worker": 62, "Senior social worker": 26, "Advanced practitioner": 12}
WITHOUT_CASES = "Advanced practitioner"  # guides others
NEWLY_QUALIFIED_ROLE = "Newly qualified social worker"
TEAM_KEYS = tuple(p.TEAMS)
DAY = timedelta(days=1)


@dataclass
class Employment:
    """One person's time as a permanent social worker of the authority, as the spells it consists of."""

    spells: list[PostHeld]

    @property
    def started_on(self) -> date:
        """The first day."""
        return self.spells[0].started_on

    @property
    def left_on(self) -> date | None:
        """The last day worked; None while in post."""
        return self.spells[-1].left_on

    def end(self, day: date, reason: str, destination: str | None) -> None:
        """Leave on that day, from every post."""
        for position, spell in enumerate(self.spells):
            if spell.left_on is None:
                self.spells[position] = replace(spell, left_on=day, leaving_reason=reason, destination=destination)


def simulate_posts(rng: random.Random, last_day: date) -> list[PostHeld]:
    """Every spell of every permanent and agency social worker."""
    workforce = _Workforce(rng)
    for year in range(min(p.WORKFORCE_YEARS), Month.of(last_day).year + 2):
        workforce.live_through(year)
    workforce.fill_agency_posts(last_day)
    spells = [spell for employment in workforce.employments for spell in employment.spells]
    spells += workforce.agency
    return sorted(spells, key=lambda spell: (spell.started_on, spell.worker_id, spell.team))


class _Workforce:
    """Who is employed, and who works for an agency."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._serial = itertools.count(70001)
        self.agency: list[PostHeld] = []
        self.employments: list[Employment] = []
        for _ in range(p.INITIAL_SOCIAL_WORKERS):
            started_on = p.SIMULATION_START - timedelta(days=int(rng.expovariate(1 / 1500)) + 1)
            self._appoint(started_on, newly_qualified=rng.random() < p.NEWLY_QUALIFIED_SHARE)

    def live_through(self, year: int) -> None:
        """One workforce year: leavers are those in post when it began, starters stay beyond it."""
        numbers = p.WORKFORCE_YEARS[min(year, max(p.WORKFORCE_YEARS))]
        first = max(date(year - 1, 10, 1), p.SIMULATION_START)
        last = date(year, 9, 30)
        in_post = [employment for employment in self.employments if employment.left_on is None]
        for number in range(numbers.leavers + p.LEAVERS_WITHOUT_COUNT):
            leaver = self.rng.choices(in_post, [_likely_to_leave(one, first) for one in in_post])[0]
            in_post.remove(leaver)
            self._leave(leaver, self._leaving_day(first, last), promoted=number < p.LEAVERS_WITHOUT_COUNT)
        self._change_within(in_post, first, last)
        for _ in range(numbers.starters):
            newly_qualified = self.rng.random() < p.NEWLY_QUALIFIED_SHARE
            self._appoint(self._starting_day(first, last, newly_qualified), newly_qualified)
        for _ in range(numbers.conversions):
            self._convert(self._starting_day(first, last, newly_qualified=False))
        for _ in range(numbers.came_and_went):
            started_on = self._starting_day(first, last - timedelta(days=130), newly_qualified=False)
            came = self._appoint(started_on, newly_qualified=False)
            self._leave(came, started_on + timedelta(days=self.rng.randint(30, 120)), promoted=False)

    def _appoint(self, started_on: date, newly_qualified: bool, worker_id: str | None = None) -> Employment:
        rng = self.rng
        role = NEWLY_QUALIFIED_ROLE if newly_qualified else rng.choices(list(ROLES), list(ROLES.values()))[0]
        since = rng.randint(20, 150) if newly_qualified else rng.randint(800, 7000)
        fte = rng.choices(list(p.FTE_WEIGHTS), list(p.FTE_WEIGHTS.values()))[0]
        team = rng.choice(TEAM_KEYS)
        cases = round((12 if newly_qualified else 19) * fte) + rng.randint(-3, 5)
        spell = PostHeld(
            worker_id or f"W{next(self._serial)}",
            role,
            team,
            "permanent",
            fte,
            started_on,
            "Y" if newly_qualified else "N",
            started_on - timedelta(days=since),
            0 if role == WITHOUT_CASES else cases,
        )
        spells = [spell]
        if fte == 1.0 and rng.random() < r.TWO_POSTS / p.FTE_WEIGHTS[1.0] * 100:
            half = (spell.cases or 0) // 2
            other = replace(spell, fte=0.5, cases=(spell.cases or 0) - half, team=self._other_team(spell.team))
            spells = [replace(spell, fte=0.5, cases=half), other]
        self.employments.append(Employment(spells))
        return self.employments[-1]

    def _convert(self, started_on: date) -> None:
        """An agency worker takes a permanent post."""
        days = self.rng.randint(90, 365)
        spell = self._agency_spell(started_on - timedelta(days=days))
        self.agency.append(replace(spell, left_on=started_on - DAY))
        self._appoint(started_on, newly_qualified=False, worker_id=spell.worker_id)

    def _leave(self, employment: Employment, day: date, promoted: bool) -> None:
        if promoted:
            employment.end(day, "internal_move", None)
        else:
            reason = self.rng.choices(list(REASONS), list(REASONS.values()))[0]
            employment.end(day, reason, self.rng.choices(list(DESTINATIONS), list(DESTINATIONS.values()))[0])

    def _change_within(self, staying: list[Employment], first: date, last: date) -> None:
        """Moves between teams, and people who left and were back within 28 days."""
        simple = [employment for employment in staying if _open_spells(employment) == 1]
        chosen = self.rng.sample(simple, p.INTERNAL_MOVES_A_YEAR + p.SHORT_BREAKS_A_YEAR)
        for number, employment in enumerate(chosen):
            before = employment.spells[-1]
            day = first + timedelta(days=self.rng.randrange((last - first).days - 40))
            moves = number < p.INTERNAL_MOVES_A_YEAR
            gap = 1 if moves else self.rng.randint(8, 28)
            team = self._other_team(before.team) if moves else before.team
            employment.end(day, "internal_move" if moves else "resignation", None if moves else "not_known")
            employment.spells.append(replace(before, team=team, started_on=day + timedelta(days=gap)))

    def fill_agency_posts(self, last_day: date) -> None:
        """One agency worker after another in each post, with gaps between them."""
        for _ in range(p.AGENCY_POSTS):
            day = p.SIMULATION_START - timedelta(days=self.rng.randrange(200))
            while day <= last_day:
                spell = self._agency_spell(day)
                days = int(min(max(self.rng.lognormvariate(5.3, 0.6), 20), 900))
                self.agency.append(replace(spell, left_on=day + timedelta(days=days)))
                day += timedelta(days=days + self.rng.randint(2, 30))

    def _agency_spell(self, started_on: date) -> PostHeld:
        role = self.rng.choices(list(ROLES), list(ROLES.values()))[0]
        fte = self.rng.choices((1.0, 0.8), (92, 8))[0]
        cases = self.rng.randint(14, 28)
        worker_id = f"W{next(self._serial)}"
        return PostHeld(worker_id, role, self.rng.choice(TEAM_KEYS), "agency", fte, started_on, cases=cases)

    def _other_team(self, team: str) -> str:
        return self.rng.choice([other for other in TEAM_KEYS if other != team])

    def _starting_day(self, first: date, last: date, newly_qualified: bool) -> date:
        """A Monday or a first of the month; the newly qualified mostly start in autumn."""
        months = [month for month in month_range(Month.of(first), Month.of(last)) if month.last_day <= last]
        autumn = [month for month in months if month.number in (8, 9, 10)]
        if newly_qualified:
            wanted = self.rng.random() < p.AUTUMN_SHARE and bool(autumn)
            months = autumn if wanted else [month for month in months if month not in autumn] or months
        month = self.rng.choice(months)
        day = month.first_day + timedelta(days=self.rng.randrange(22))
        monday = day + timedelta(days=-day.weekday() % 7)
        return month.first_day if self.rng.random() < 0.3 else monday

    def _leaving_day(self, first: date, last: date) -> date:
        """Mostly a month's last day."""
        month = self.rng.choice(month_range(Month.of(first), Month.of(last)))
        if self.rng.random() < p.MONTH_END_SHARE:
            return month.last_day
        return month.first_day + timedelta(days=self.rng.randrange(1, 27))


def _open_spells(employment: Employment) -> int:
    return sum(spell.left_on is None for spell in employment.spells)


def _likely_to_leave(employment: Employment, day: date) -> float:
    """Exits peak between 12 and 24 months."""
    months = (day - employment.started_on).days / 30.4 + 6
    return 0.6 if months < 12 else 2.0 if months < 24 else 1.0 if months < 60 else 0.6


def workforce_months(rng: random.Random, posts: list[PostHeld], months: list[Month]) -> list[WorkforceMonth]:
    """The authority's totals for each month; the agency numbers are those of the spells."""
    return [_workforce_month(rng, posts, month) for month in months]


def _workforce_month(rng: random.Random, posts: list[PostHeld], month: Month) -> WorkforceMonth:
    day = month.last_day
    started = [spell for spell in posts if spell.started_on <= day]
    in_post = [spell for spell in started if spell.left_on is None or spell.left_on > day]
    agency = [spell for spell in in_post if spell.contract == "agency"]
    agency_fte = sum(spell.fte or 0 for spell in agency)
    permanent_fte = sum(spell.fte or 0 for spell in in_post) - agency_fte
    winter = 1.25 if month.number in (11, 12, 1, 2) else 0.9
    days_lost = permanent_fte * p.DAYS_LOST_A_YEAR_PER_FTE / 12 * winter * rng.uniform(0.9, 1.1)
    return WorkforceMonth(
        day,
        round(_vacancies(month) + (0 if month == Month(2017, 9) else rng.uniform(-2, 2)), 1),
        round(agency_fte, 1),
        len(agency),
        round(agency_fte * p.AGENCY_COVERING_SHARE, 1),
        round(days_lost, 1),
    )


def _vacancies(month: Month) -> float:
    points = p.VACANCIES_FTE
    for (start, before), (end, after) in itertools.pairwise(points):
        if month <= end:
            way = (month.first_day - start.first_day).days / (end.first_day - start.first_day).days
            return before + way * (after - before)
    return points[-1][1]
