"""Where in the source a measure is defined: looked for only once something is wrong with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from perfpipe.measures.definition import Measure

HERE = Path(__file__).parent


def where_defined(measure: Measure) -> str:
    """`measures/audits.py line 40`: the call that is given its id; empty for a measure that stands in no file here."""
    for exact in (True, False):
        for path in sorted(HERE.glob("*.py")):
            for line, name in _names(ast.parse(path.read_text(encoding="utf-8")), exact):
                if re.fullmatch(name, measure.id):
                    return f"{HERE.name}/{path.name} line {line}"
    return ""


def _names(tree: ast.AST, exact: bool) -> Iterator[tuple[int, str]]:
    """Lines of calls, and a pattern of the id that each is given: by `id=`, or as a helper of several, first."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            named = [keyword.value for keyword in call.keywords if keyword.arg == "id"]
            for given in named or call.args[:1]:
                if exact and isinstance(given, ast.Constant):
                    yield call.lineno, re.escape(str(given.value))
                elif not exact and isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant):
                    parts = (re.escape(str(x.value)) if isinstance(x, ast.Constant) else ".+" for x in given.values)
                    yield call.lineno, "".join(parts)
