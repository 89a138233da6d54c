"""Extracts that arrive in random orders: one final state, days as they were known, and the causes that were planted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from perfpipe.compute.compute import compute
from perfpipe.dates.months import Month
from perfpipe.history.revision import Revision
from perfpipe.job.job import Job, Sources, measure_rows
from perfpipe.measures.figure import KEY
from perfpipe.receive.receive import receive
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.reconcile.speaks_for import needed_months, speaks_for_each
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.run import assess_figures, open_job
from perfpipe.settings.workspace import Workspace
from tests.history.arrivals import MONTHS, Name, Source, made_on, speaker
from tests.history.runs_without_packs import explained, record_released
from tests.soaks import picked
from tests.workspaces import deliver, new_workspace

ORDERS, SAMPLE = 100, 5
RHI = "return_home_interviews"
COUNTED = ("missing_episodes", "rhi_within_72h")
BEGINS = date(2019, 3, 1)
RELEASED = 0.4  # of the days
NUMBERS = [*KEY, "state", "value", "numerator", "denominator"]


def short(sources: Job, until: datetime | None) -> Sources:
    """Readings and who speaks, without what is wrong between them."""
    made = usable_readings(sources.workspace, sources.settings, sources.plan, sources.ledger, until)
    measures = [each for each in sources.measures if each.id in COUNTED]
    return Sources(made.readings, speaks_for_each(made.readings, needed_months(measures, sources.months)), [])


def figures_of(job: Job, sources: Sources) -> pd.DataFrame:
    measures = [each for each in job.measures if each.id in COUNTED]
    return assess_figures(job, compute(measure_rows(job, sources), measures))


def plain(figures: pd.DataFrame) -> pd.DataFrame:
    return figures[NUMBERS].sort_values(KEY, ignore_index=True)


@dataclass
class Authority:
    """A workspace that extracts come to, day by day, and what each day's run found."""

    workspace: Workspace
    source: Source
    arrived: list[Name] = field(default_factory=list)
    days: dict[date, pd.DataFrame] = field(default_factory=dict)  # figures
    seen: list[tuple[Name, ...]] = field(default_factory=list)  # what had arrived, at each release
    planted: int = 0
    others: list[str] = field(default_factory=list)  # revisions whose cause is another than the planted one

    @contextmanager
    def job(self, day: date) -> Iterator[Job]:
        at = datetime.combine(day, time(12), UTC)
        with open_job(self.workspace, MONTHS[-1], months_back=len(MONTHS) - 1, started_at=at) as job:
            yield job

    def send(self, extract: Name, day: date) -> None:
        folder = str(MONTHS[extract[0] - 1])
        deliver(self.workspace, folder, RHI, self.source.rows(extract))
        note = f"extracted_at = {made_on(extract)}\ndelivered_on = {day}\n"
        (self.workspace.raw / folder / "delivery.toml").write_text(note)
        self.arrived.append(extract)

    def withdraw(self, extract: Name, day: date) -> None:
        with self.job(BEGINS) as job:
            known = job.ledger.extracts_known(None)
            folder = str(MONTHS[extract[0] - 1])
            own = [each for each in known if each.folder == folder]
        newest = max(own, key=lambda each: each.delivery.declared_at or each.delivery.received_at)
        withdraw_extract(self.workspace, newest.id, "of an old query", datetime.combine(day, time(6), UTC))
        self.arrived.remove(extract)

    def live(self, day: date, *, release: bool) -> None:
        """A day: receive, run, ask for the revisions, and perhaps release."""
        with self.job(day) as job:
            receive(job.workspace, job.settings, job.ledger, job.started_at)
            sources = short(job, None)
            figures = figures_of(job, sources)
            for revision in explained(job, sources, figures):
                self.judge(revision)
            if release:
                record_released(job, sources, figures, day)
                self.seen.append(tuple(self.arrived))
        self.days[day] = plain(figures)

    def judge(self, revision: Revision) -> None:
        """Whether the causes of a revision are those that were planted, and its steps add up."""
        chain = [revision.seen, *(step.after for step in revision.steps)]
        assert [step.before for step in revision.steps] == chain[:-1]
        assert chain[-1] == revision.now
        if revision.key[3] != "all":
            return
        then, month = self.seen[-1], Month.parse(revision.key[1])
        left = [each for each in then if each in self.arrived]
        seen, between, now = (speaker(each, month) for each in (then, left, self.arrived))
        assert now is not None
        expected = dict(self.source.causes(revision.key, seen, between, now))
        found = {each.cause: each.records for each in revision.causes}
        self.planted += 1
        if found != expected:
            self.others.append(f"{revision.key}: {found}, planted {expected}")


@dataclass
class Explained:
    """How many revisions there were in all orders, and those explained by other causes than were planted."""

    planted: int = 0
    others: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def explained_in_orders() -> Iterator[Explained]:
    """At least 99% over the orders that were run: where a withdrawal hides what came late, one has up to 2% others."""
    found = Explained()
    yield found
    assert len(found.others) <= found.planted / 100, "\n".join(found.others[:20])


@pytest.mark.soak
@pytest.mark.parametrize(
    "order",
    [
        pytest.param(0, marks=pytest.mark.slow),
        *(pytest.param(n, marks=pytest.mark.soak) for n in picked("arrival orders", range(1, ORDERS), SAMPLE)),
    ],
)
def test_arrivals_in_any_order(order: int, tmp_path: Path, explained_in_orders: Explained) -> None:
    draw = Random(f"order {order}")
    source = Source.of(order)
    authority = Authority(new_workspace(tmp_path / "workspace"), source)
    right: list[Name] = [(month.number, False) for month in MONTHS]
    draw.shuffle(right)
    day, wrong, sent = BEGINS, None, 0
    for number, extract in enumerate(right):
        authority.send(extract, day)
        authority.live(day, release=number == 0 or draw.random() < RELEASED)
        day += timedelta(days=1)
        if wrong and draw.random() < 0.5:
            authority.withdraw(wrong, day)
            authority.live(day, release=draw.random() < RELEASED)
            day, wrong = day + timedelta(days=1), None
        elif not wrong and sent < max(authority.arrived)[0] and draw.random() < 0.3:
            sent, wrong = max(authority.arrived)[0], (max(authority.arrived)[0], True)
            authority.send(wrong, day)
            authority.live(day, release=draw.random() < 0.7)
            day += timedelta(days=1)
    if wrong:
        authority.withdraw(wrong, day)
        authority.live(day, release=False)
    assert authority.planted > 20
    explained_in_orders.planted += authority.planted
    explained_in_orders.others += authority.others
    final = figures_in_order(tmp_path / "in order", source)
    pd.testing.assert_frame_equal(authority.days[max(authority.days)], final)
    check_days(authority)


def figures_in_order(root: Path, source: Source) -> pd.DataFrame:
    """The final state of the same extracts, sent in the order of their months and on one day."""
    other = Authority(new_workspace(root), source)
    for month in MONTHS:
        other.send((month.number, False), BEGINS)
    other.live(BEGINS, release=False)
    return other.days[BEGINS]


def check_days(authority: Authority) -> None:
    """As known on a day equals what the run of that day found, also where an extract was withdrawn since."""
    with authority.job(BEGINS + timedelta(days=60)) as job:
        for day, figures in authority.days.items():
            until = datetime.combine(day, time(22, 59, 59), UTC)
            pd.testing.assert_frame_equal(plain(figures_of(job, short(job, until))), figures)
