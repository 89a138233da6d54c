"""Why figures differ from what was seen: for each revised figure old, new and cause (definitions 1.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.history.chain import NO_FIGURE, Chain, Known, Reasons
from perfpipe.history.explained import Explained, ExplainedBy, Shown
from perfpipe.history.input_figures import known_figures
from perfpipe.history.inputs import ErasedError, Inputs, ReadingMaker, inputs_of_run
from perfpipe.history.last_meeting import as_cells
from perfpipe.history.revision import Cause, CauseCount, FigureKey, KnownFigure, Revision, RevisionStep
from perfpipe.ledger.history_records import PACK_ID
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience, RunRecord, RunState
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY

OF_KNOWN = ["code", "state", "status", "value", "numerator", "denominator", "unit", "definition_version"]


@dataclass(frozen=True)
class PresentFigures:
    """Figures with `revised`, and from what and by which program they were made. `figures`: `ASSESSED`, or known."""

    inputs: Inputs | None  # None: something of them was erased
    program: str
    figures: pd.DataFrame


def revisions_of(
    maker: ReadingMaker,
    present: PresentFigures,
    last_shown: pd.DataFrame | None,
    measures: Sequence[Measure],
    program: str,
    explained: Explained | None = None,
) -> list[Revision]:
    """Each figure that is marked as revised, with the steps from what was seen and their causes.

    `last_shown`: what was seen (`seen.last_shown`); `program`: the version of the code that runs now; `explained`:
    what this process has explained before, to which these are added.
    """
    revised = present.figures[present.figures["revised"]]
    if last_shown is None or revised.empty:
        return []
    both = _then_and_now(maker.ledger, revised, last_shown, measures)
    inputs, programs = present.inputs, (present.program, program)
    by = None if inputs is None else ExplainedBy.of(inputs, maker.extracts, programs)
    found = (explained or Explained()).by(by)
    for _, part in both[[each not in found for each in both["named"]]].groupby(["run", "dataset"], sort=False):
        run_id, dataset = int(part["run"].iloc[0]), str(part["dataset"].iloc[0])
        own = [each for each in measures if each.id in set(part["measure_id"]) and each.basis.dataset.id == dataset]
        new = _of_run(maker, present, maker.ledger.run(run_id), part, own, program)
        found.update(zip(part["named"], new, strict=True))
    return [found[each] for each in both["named"] if each in found]  # not of a measure that is no more


def _then_and_now(
    ledger: Ledger, revised: pd.DataFrame, last_shown: pd.DataFrame, measures: Sequence[Measure]
) -> pd.DataFrame:
    """Figures with what was seen of them (`_seen`), by which run, of which dataset they are, and their `Shown`."""
    now = revised[[*KEY, *OF_KNOWN]].assign(shown_now=as_cells(revised)["shown"].to_numpy())
    then = last_shown[[*KEY, "state", "status", "number", "shown", PACK_ID]]
    both = now.merge(then, on=KEY, suffixes=("", "_seen"))
    run_of = {each.id: each.run_id for each in (*ledger.packs(PackAudience.BOARD), *ledger.imported())}
    dataset_of = {measure.id: measure.basis.dataset.id for measure in measures}
    both = both.assign(run=both[PACK_ID].map(run_of), dataset=both["measure_id"].map(dataset_of))
    return both.assign(named=pd.Series(_named(both), index=both.index, dtype="object"))


def _named(both: pd.DataFrame) -> list[Shown]:
    """Of each figure the edition's run that showed it, how it was and is shown, and what it is."""
    keys: list[FigureKey] = list(both[KEY].itertuples(index=False, name=None))
    now = known_figures(both, keys)
    shown = zip(both["run"].tolist(), keys, both["shown"].tolist(), both["shown_now"].tolist(), strict=True)
    return [(run, key, then, is_now, now[key]) for run, key, then, is_now in shown]


def _of_run(
    maker: ReadingMaker,
    present: PresentFigures,
    run: RunRecord,
    part: pd.DataFrame,
    measures: Sequence[Measure],
    program: str,
) -> Iterator[Revision]:
    keys: list[FigureKey] = list(part[KEY].itertuples(index=False, name=None))
    now = known_figures(part, keys)
    seen, versions = _as_stored(maker.ledger, run, part, keys)
    first = Cause.OTHER_PACK if run.state is RunState.IMPORTED else Cause.PROGRAM
    newer = {
        name for name, version in zip(part["measure_id"], part["definition_version"], strict=True)
        if versions.get(name, version) != version
    }  # fmt: skip
    chain = Chain(
        maker, measures[0].basis.dataset, measures, seen, now,
        first=None if run.code_version == program and first is Cause.PROGRAM else first,
        ends_today=present.program == program,
        redefined=frozenset(newer),
        rounding=_rounding(part, keys),
    )  # fmt: skip
    settings_kept = bool(run.kept) or run.state is RunState.IMPORTED
    try:
        if present.inputs is None:
            raise ErasedError
        then = inputs_of_run(maker.workspace, maker, run)
        reasons = chain.reasons(then, present.inputs)
        if chain.first and any(maker.extracts[each].erased for each in then.extracts):
            reasons |= {key: _not_separable(seen[key], now[key]) for key in keys if _begins_otherwise(reasons[key])}
    except ErasedError:
        reasons = {key: _not_separable(seen[key], now[key]) for key in keys}
    shown = part[["code", "unit", "shown", "shown_now"]].itertuples(index=False, name=None)
    for key, (code, unit, then, now_shown) in zip(keys, shown, strict=True):
        steps, causes, records = reasons[key]
        yield Revision(
            key, code, measures[0].basis.dataset.id, Unit(unit), then, now_shown, _from(seen[key], steps), now[key],
            tuple(steps), tuple(causes), tuple(records), settings_kept,
        )  # fmt: skip


def _from(seen: KnownFigure, steps: Sequence[RevisionStep]) -> KnownFigure:
    """What the steps begin from: of an older pack the exact figure that it had rounded; its status as it said it."""
    return replace(steps[0].before, status=seen.status) if steps else seen


def _rounding(part: pd.DataFrame, keys: Sequence[FigureKey]) -> Mapping[FigureKey, Fraction]:
    """Half of the last decimal of what was shown."""
    shown = zip(keys, part["number"].tolist(), part["unit"].tolist(), strict=True)
    return {
        key: Fraction(1, 2) / 10 ** max(-int(Decimal(number).as_tuple().exponent), 0)
        / (100 if unit == Unit.PERCENT else 1)
        for key, number, unit in shown
        if number
    }  # fmt: skip


def _not_separable(seen: KnownFigure, now: KnownFigure) -> Reasons:
    return Reasons([RevisionStep(Cause.NOT_SEPARABLE, "", seen, now)], [CauseCount(Cause.NOT_SEPARABLE)], [])


def _begins_otherwise(reasons: Reasons) -> bool:
    """Whether what is left of the extracts gives another figure than was seen: rows behind it were erased."""
    return bool(reasons.steps) and reasons.steps[0].cause in (Cause.PROGRAM, Cause.DEFINITION)


def _as_stored(
    ledger: Ledger, run: RunRecord, part: pd.DataFrame, keys: Sequence[FigureKey]
) -> tuple[Known, Mapping[str, int]]:
    """What a run had found, exactly, and by which versions of definitions; of an older pack what it had shown."""
    if run.state is RunState.IMPORTED:
        return _as_shown(part, keys), {}
    months = sorted(part["month"])
    known = ledger.figures_as_of(run.id, Month.parse(months[0]), Month.parse(months[-1]))
    found = known_figures(known, keys)
    versions = dict(zip(known["measure_id"], known["definition_version"].astype(int), strict=True))
    return {key: found.get(key, NO_FIGURE) for key in keys}, versions


def _as_shown(part: pd.DataFrame, keys: Sequence[FigureKey]) -> Known:
    columns = (part[name].tolist() for name in ("state_seen", "status_seen", "number", "unit"))
    return {
        key: KnownFigure(state, Fraction(number) / (100 if unit == Unit.PERCENT else 1) if number else None, status)
        for key, state, status, number, unit in zip(keys, *columns, strict=True)
    }
