"""A formula that changes gets a new version: the syntax of what each measure counts, kept by its id and version.

Where this fails, either the change makes no figure other (a rename, a faster way), or the measure needs a new
`version`. Decide which, say so in CHANGELOG.md (*Numbers changed*), and run `python -m tests.measures.test_formulas`.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
import tomllib
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure

KEPT = Path(__file__).with_name("formulas.toml")
OWN = ("perfpipe.measures", "perfpipe.datasets")  # what measures are made of


@cache
def syntax_of(module: ModuleType) -> dict[int, list[ast.AST]]:
    """The functions of a module by the line they begin on, without their sentences."""
    found: dict[int, list[ast.AST]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
                node.body = node.body[1:] or [ast.Pass()]
            line = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            found.setdefault(line, []).append(node)
    return found


def parts_of(value: object, seen: set[int]) -> Iterator[str]:
    """What a function, or what holds functions, does: its syntax, and that of the functions of ours it names."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, partial):
        yield from parts_of(value.func, seen)
        yield from (part for each in (*value.args, *value.keywords.values()) for part in parts_of(each, seen))
    elif isinstance(value, FunctionType):
        yield from _of_function(value, seen)
    elif hasattr(value, "__wrapped__"):
        yield from parts_of(value.__wrapped__, seen)
    elif isinstance(value, int | float | str | tuple | frozenset | bytes):
        yield repr(sorted(map(repr, value)) if isinstance(value, frozenset) else value)


def _of_function(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if not function.__module__.startswith(OWN):
        return
    code = function.__code__
    nodes = syntax_of(sys.modules[function.__module__]).get(code.co_firstlineno, [])
    yield from (ast.unparse(node) for node in nodes)
    for cell in function.__closure__ or ():
        yield from parts_of(cell.cell_contents, seen)
    for name in sorted(_names(code)):
        if name in function.__globals__:
            named = function.__globals__[name]
            if isinstance(named, FunctionType | partial | int | float | str | tuple | frozenset):
                yield name
                yield from parts_of(named, seen)


def _names(code: CodeType) -> set[str]:
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return {*code.co_names, *(name for each in inner for name in _names(each))}


def formula_of(measure: Measure) -> str:
    """A hash of what decides a measure's figures: its rows, what is counted of them, and how far back it looks."""
    basis, counts = measure.basis, measure.counts
    seen: set[int] = set()
    functions = (
        basis.rows, counts.numerator, counts.denominator, measure.mature.not_yet_due,
        counts.statistic.of if counts.statistic else None, basis.dataset.derive,
    )  # fmt: skip
    plain = (
        basis.dataset.id, basis.month_of, basis.lookback_months, basis.ahead_days, basis.months_after_end, basis.bridge,
        sorted(basis.needs), basis.stated, counts.unit, counts.distinct, counts.weight, counts.numerator_weight,
        counts.nested, counts.per_population, counts.statistic.columns if counts.statistic else (),
        [str(period) for period in measure.periods], sorted(measure.left_out_by or ()), measure.mature.after_hours,
    )  # fmt: skip
    written = [repr(plain), *(part for each in functions for part in parts_of(each, seen))]
    return hashlib.sha256("\n".join(written).encode()).hexdigest()[:16]


def formulas() -> dict[str, str]:
    return {f"{measure.id} {measure.version}": formula_of(measure) for measure in MEASURES}


def test_a_formula_that_changed_has_a_new_version() -> None:
    kept, now = tomllib.loads(KEPT.read_text(encoding="utf-8")), formulas()
    changed = sorted(name for name in now if name in kept and kept[name] != now[name])
    assert not changed, f"other formulas under the same version: {', '.join(changed)}; {__doc__}"
    assert set(now) <= set(kept), "new measures or versions: run `python -m tests.measures.test_formulas`"


@pytest.mark.slow
def test_the_formula_of_a_measure_is_all_that_it_counts_by() -> None:
    found = formulas()
    assert found == formulas()
    of_72_hours = next(each for each in MEASURES if each.id == "rhi_within_72h")
    written = "\n".join(parts_of(of_72_hours.basis.rows, set()))
    assert "INTERVIEW_HOURS" in written  # of a function two calls further on
    assert "'returned_at'" in written


if __name__ == "__main__":
    KEPT.write_text("".join(f'"{name}" = "{value}"\n' for name, value in sorted(formulas().items())), encoding="utf-8")
