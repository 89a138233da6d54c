"""A looked-after child with every stay in care, and what makes the next step likely."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from perfpipe_sample import parameters as p
from perfpipe_sample.homes import Home

NEVER = date.max
UNACCOMPANIED = "N8"  # the need of children who came alone


@dataclass(eq=False)
class Stay:
    """A time under one legal status in one home; `temporary` is the code of a temporary placement."""

    started_on: date
    new_episode_reason: str
    legal_status: str
    home: Home
    temporary: str | None = None
    ceased_on: date | None = None
    cease_reason: str | None = None
    change_reason: str | None = None

    def on(self, day: date) -> bool:
        """Whether it holds at the end of a day."""
        return self.started_on <= day < (self.ceased_on or NEVER)


@dataclass(eq=False)
class Child:
    """A child who has been looked after, with every stay in order."""

    child_id: str
    born_on: date
    need: str
    home_postcode: str
    runs_away: float  # tendency to go missing
    opens_up: float  # tendency to take part in interviews, a standard normal
    stays: list[Stay] = field(default_factory=list)

    @property
    def current(self) -> Stay:
        """The latest stay."""
        return self.stays[-1]

    def age(self, day: date) -> float:
        """Age in years, near enough."""
        return (day - self.born_on).days / 365.25

    def stay_on(self, day: date) -> Stay | None:
        """Where the child was looked after at the end of a day, if at all."""
        return next((stay for stay in reversed(self.stays) if stay.on(day)), None)


def _days_in(child: Child, day: date) -> int:
    return (day - child.current.started_on).days


def likely_to_move(child: Child, day: date) -> float:
    """How likely a move is: teenagers and new placements come first."""
    restless = 1.0 if child.age(day) >= 13 else 0.5
    return restless * (1.0 if _days_in(child, day) < 120 else 0.4 if _days_in(child, day) < 600 else 0.2)


def likely_to_leave(child: Child, day: date) -> float:
    """How likely the child is to leave care: soon after the start, or from home."""
    if child.current.home.setting == p.ADOPTION:
        return 0.0
    since = (day - child.stays[0].started_on).days
    return 1.0 if since < 200 or child.current.home.setting == p.PARENTS else 0.4 if since < 700 else 0.2


def could_be_adopted(child: Child, day: date) -> float:
    """Whether the child is young enough, and long enough in care, to be placed for adoption."""
    placed = child.current.home.setting == p.ADOPTION
    return child.age(day) < 6 and not placed and child.stays[0].started_on < day - timedelta(days=120)


def could_stay_elsewhere(child: Child, day: date) -> float:
    """Whether carers may go on holiday or the child to hospital; the stay must end before care does."""
    return child.age(day) < 17.5 and child.current.home.setting in (p.OWN, p.AGENCY)


def ready_for_adoption(child: Child, day: date) -> float:
    """Whether the child has lived with the adopters for two months."""
    return child.current.home.setting == p.ADOPTION and _days_in(child, day) > 60
