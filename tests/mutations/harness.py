"""What perfpipe makes of a damaged extract: stopped, told, read right, or missed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pandas as pd

from perfpipe import run
from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.hold import hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import PLAN_FILE as PLAN
from tests.mutations.books import data_of
from tests.mutations.cases import Case, deliver, empty_workspace, months_of, put

OUTCOMES = ("stopped", "told", "read right", "MISSED", "WRONG")
TOLD = (Severity.EXCLUDE, Severity.WARN)


@dataclass(frozen=True)
class Mutant:
    """A damaged extract: the files of the delivery (content None: not delivered), and what was done to it.

    `instead`: the table's columns that may differ because the damage took them along with a fault for the whole file.
    """

    files: Mapping[str, bytes]
    what: str


Mutate = Callable[[Case, Random], Mutant | None]


@dataclass(frozen=True)
class MutationClass:
    """One way of going wrong: its variants, and the rules that would tell the right person the right thing.

    `cannot_be_noticed`: why no program could, and what a person must check instead.
    """

    name: str
    variants: Sequence[Mutate]
    fitting: frozenset[str]
    cannot_be_noticed: str = ""


@dataclass(frozen=True)
class Seen:
    """What a run saw of an extract: typed rows (None: kept out), faults, how the rows differ from the true ones.

    `figures` of its month and the one before, where only they can say whether harm is done.
    """

    rows: pd.DataFrame | None
    faults: list[Fault]
    stopped: bool
    differ: Differences | None = None
    figures: pd.DataFrame | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, and why."""

    kind: str
    what: str
    case: str
    why: str = ""
    rules: tuple[str, ...] = ()


@dataclass(eq=False)
class Bench:
    """Workspaces with the months before, made once a case."""

    root: Path
    _known: dict[str, tuple[Path, Seen]] = field(default_factory=dict)
    _settings: dict[str, Settings] = field(default_factory=dict)
    _plan: Plan = field(default_factory=lambda: load_plan(PLAN, MEASURES))
    _number: int = 0

    def template(self, case: Case) -> tuple[Path, Seen]:
        """A workspace that has received the months before, and what is seen of the undamaged extract there."""
        if case.id not in self._known:
            root = self.root / case.id.replace("/", "_")
            workspace = empty_workspace(root, case.form)
            self._settings.setdefault(case.form, workspace.settings())
            part = int(case.id.rpartition("/")[2])
            for month in months_of(case.form)[:-1]:
                deliver(workspace, case.dataset, case.form, month, part)
                self.look(workspace, case, month)
            self._known[case.id] = (root, Seen(None, [], False))
            valid = self.see(case, {case.table.name: data_of(case.table), **case.companions})
            assert valid.rows is not None, [fault.rule for fault in valid.faults]
            self._known[case.id] = (root, valid)
        return self._known[case.id]

    def see(self, case: Case, files: Mapping[str, bytes], fitting: frozenset[str] = frozenset()) -> Seen:
        """What a run sees of some files, delivered after the months before; figures where `judge` needs them."""
        template, valid = self.template(case)
        self._number += 1
        root = self.root / f"mutant{self._number}"
        shutil.copytree(template, root)
        try:
            put(Workspace(root), case.folder, files)
            return self.look(Workspace(root), case, months_of(case.form)[-1], (valid, fitting))
        finally:
            shutil.rmtree(root)

    def look(
        self, workspace: Workspace, case: Case, month: Month, against: tuple[Seen, frozenset[str]] | None = None
    ) -> Seen:
        """Receive and read as a run of the month would; figures only where rows differ that no fault speaks of."""
        with hold(workspace) as ledger:
            job = Job(workspace, self._settings[case.form], self._plan, ledger, month)
            try:
                sources = run.sources_of(job, run.receive_files(job))
            except run.StoppingFaults as stopped:
                return Seen(None, [*stopped.faults, *_stored(ledger, workspace, case, case.folder)], True)
            mine = [r for r in sources.readings if r.dataset.id == case.dataset and r.folder == case.folder]
            faults = [*sources.faults, *_stored(ledger, workspace, case, case.folder)]
            if not mine or mine[-1] not in sources.speaks_for[case.dataset].by_month.values():
                return Seen(None, faults, False)
            rows = mine[-1].rows()
            if against is None or against[0].rows is None:
                return Seen(rows, faults, False, figures=_figures(sources, case, month))
            valid, fitting = against
            differ = differences(case, valid.rows, rows)
            only_figures_say = fitting & set(new_rules(valid, faults)) and differ.not_told(faults)
            figures = _figures(sources, case, month) if only_figures_say else None
            return Seen(rows, faults, False, differ, figures)

    def judge(self, case: Case, mutant: Mutant, fitting: frozenset[str]) -> Outcome:
        """What became of one mutant."""
        _, valid = self.template(case)
        seen = self.see(case, mutant.files, fitting)
        new = new_rules(valid, seen.faults)
        fits = bool(fitting & set(new))

        def outcome(kind: str, why: str = "") -> Outcome:
            return Outcome(kind, mutant.what, case.id, why, new)

        if seen.stopped:
            return outcome("stopped") if fits else outcome("MISSED", "stopped, but the faults say something else")
        if seen.rows is None:
            return outcome("stopped") if fits else outcome("MISSED", "left out without a fault that fits")
        differ = seen.differ
        assert differ is not None
        if not differ:
            return outcome("read right")
        if not fits:
            return outcome("MISSED", str(differ))
        uncovered = differ.not_told(seen.faults)
        if uncovered and not same_figures(valid.figures, seen.figures):
            return outcome("WRONG", f"{uncovered} of {differ} without a fault of their own; figures wrong")
        return outcome("told")


def _stored(ledger: Ledger, workspace: Workspace, case: Case, folder: str) -> list[Fault]:
    """The faults within the extracts of a folder, which `perfpipe check` shows beside those that stop."""
    readings = [path.stem for path in (workspace.processed / case.dataset).glob("*.parquet")]
    return [fault for fault in ledger.faults_of(readings) if fault.file.startswith(f"{folder}/")]


def new_rules(valid: Seen, faults: Sequence[Fault]) -> tuple[str, ...]:
    """The rules that speak more often than of the undamaged extract."""
    usual = Counter(fault.rule for fault in valid.faults)
    found = Counter(fault.rule for fault in faults if fault.severity is not Severity.INFO)
    return tuple(sorted(rule for rule in found if found[rule] > usual[rule]))


def _figures(sources: Sources, case: Case, month: Month) -> pd.DataFrame | None:
    """The figures of the dataset's measures for a month and the one before; None: it has no measures of its own."""
    names = frozenset({"exampleshire", "exampleshire county council", "exampleshire cc"})
    measures = [measure for measure in MEASURES if measure.basis.dataset.id == case.dataset]
    return compute(MeasureRows(sources.speaks_for, [month - 1, month], names), measures) if measures else None


@dataclass(frozen=True)
class Differences:
    """Rows by key that should be there and are not, are there and should not be, or hold other values."""

    absent: int
    extra: list[int]  # source rows
    changed: list[int]  # source rows

    def __bool__(self) -> bool:
        return bool(self.absent or self.extra or self.changed)

    def __str__(self) -> str:
        return f"{self.absent} rows absent, {len(self.extra)} too many, {len(self.changed)} changed"

    def not_told(self, faults: Sequence[Fault]) -> int:
        """How many of them have no fault at their row; of one key's several rows the fault stands at another."""
        told = [fault for fault in faults if fault.row and fault.severity in TOLD]
        at = {fault.row for fault in told}
        repeated = sum(fault.rule in ("key_repeated", "row_repeated") for fault in told)
        loose = [row for row in [*self.extra, *self.changed] if row not in at]
        left_out = len({fault.row for fault in told if fault.severity is Severity.EXCLUDE})
        changed_key = len(self.extra)  # each is a row that is absent under its true key
        return max(0, len(loose) - repeated) + max(0, self.absent - left_out - changed_key)


def differences(case: Case, truth: pd.DataFrame | None, rows: pd.DataFrame) -> Differences:
    """Typed rows against the true ones, by key; where a row stood in the source does not count."""
    assert truth is not None
    key = list(BY_ID[case.dataset].key)
    names = [name for name in truth if name not in ("source_row", *key)]
    there = {k: values for k, (values, _) in _by_key(truth, key, names).items()}
    here = _by_key(rows, key, names)
    absent = sum(k not in here for k in there)
    extra = [int(row) for k, (_, row) in here.items() if k not in there]
    changed = [int(row) for k, (values, row) in here.items() if k in there and values != there[k]]
    return Differences(absent, extra, changed)


def _by_key(rows: pd.DataFrame, key: list[str], names: list[str]) -> dict[object, tuple[object, int]]:
    """By key the values as text, and the source row."""
    texts = {name: rows[name].astype("str").tolist() for name in [*key, *names]}
    keys = zip(*(texts[name] for name in key), strict=True)
    values = zip(*(texts[name] for name in names), strict=True)
    return dict(zip(keys, zip(values, rows["source_row"].tolist(), strict=True), strict=True))


def same_figures(truth: pd.DataFrame | None, figures: pd.DataFrame | None) -> bool:
    """Whether every figure is the true one; a dataset that feeds no measure has none.

    A figure that says that it is not available, where the true one is there, is not published, and so is not wrong.
    """
    if truth is None or figures is None:
        return truth is figures
    names = ["measure_id", "month", "period", "breakdown", "group", "numerator", "denominator", "state"]
    withheld = (figures["state"] == "not_available") & (truth["state"] == "ok")
    return truth.loc[~withheld, names].equals(figures.loc[~withheld, names])


def judge_class(bench: Bench, mutation: MutationClass, cases: Sequence[Case], numbers: Iterable[int]) -> list[Outcome]:
    """Numbered mutants of a class: its variants in turn, each on the first case, in a shuffled order, that it suits."""
    outcomes = []
    for number in numbers:
        rng = Random(f"{mutation.name}/{number}")
        variant = mutation.variants[number % len(mutation.variants)]
        for case in rng.sample(list(cases), len(cases)):
            mutant = variant(case, rng)
            if mutant is not None:
                outcomes.append(bench.judge(case, mutant, mutation.fitting))
                break
        else:
            raise AssertionError(f"{mutation.name}: no case suits {variant.__name__}")
    return outcomes


def table_of(results: Mapping[str, Sequence[Outcome]]) -> str:
    """The outcomes as a table, one line a class."""
    lines = [f"{'class':58}{'mutants':>8}" + "".join(f"{kind:>12}" for kind in OUTCOMES)]
    for name, outcomes in results.items():
        kinds = Counter(outcome.kind for outcome in outcomes)
        lines.append(f"{name:58}{len(outcomes):>8}" + "".join(f"{kinds[kind] or '':>12}" for kind in OUTCOMES))
    return "\n".join(lines)
