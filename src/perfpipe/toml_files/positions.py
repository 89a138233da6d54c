"""On which line of a TOML file a key is: for messages about settings."""

from __future__ import annotations

import re
from collections.abc import Sequence

KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
DOTTED = rf"{KEY}(?:\s*\.\s*{KEY})*"
TABLE = re.compile(rf"^\s*(\[\[?)\s*({DOTTED})\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT = re.compile(rf"^\s*({DOTTED})\s*=\s*(.*)$")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'[^']*'")
INLINE_KEY = re.compile(rf"({KEY})\s*=")


def line_of(text: str, keys: Sequence[str]) -> int | None:
    """The line of a key, its array positions written as numbers; of its table if it is not there; None if nowhere."""
    lines = _lines(text)
    for depth in range(len(keys), 0, -1):
        line = lines.get(tuple(keys[:depth]))
        if line is not None:
            return line
    return None


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of every table, array element and key, by its full path."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    assigned: tuple[str, ...] | None = None  # the key whose value may go on over several lines
    for number, line in enumerate(text.splitlines(), 1):
        header, assignment = TABLE.match(line), ASSIGNMENT.match(line)
        if header:
            table = _table(_parts(header[2]), header[1] == "[[", counts)
            assigned = None
            lines.setdefault(table, number)
            if header[1] == "[[":
                lines.setdefault(table[:-1], number)  # of the array as a whole
        elif assignment:
            assigned = (*table, *_parts(assignment[1]))
            lines.setdefault(assigned, number)
            _inline(assignment[2], assigned, number, lines, counts)
        elif assigned is not None:
            _inline(line, assigned, number, lines, counts)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(KEY, dotted))


def _table(parts: tuple[str, ...], is_array: bool, counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """The full path of a table: names, and the position within each array of tables passed on the way."""
    path: tuple[str, ...] = ()
    for depth, part in enumerate(parts, 1):
        path = (*path, part)
        if depth == len(parts) and is_array:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, str(counts[path] - 1))
    return path


def _inline(
    value: str,
    path: tuple[str, ...],
    number: int,
    lines: dict[tuple[str, ...], int],
    counts: dict[tuple[str, ...], int],
) -> None:
    """Inline tables of an array, `{ from = ..., target = ... }`, one after the other."""
    if not value.lstrip().startswith("{") and path not in counts and "[" not in value:
        return
    in_array = path in counts or value.lstrip().startswith("[")
    counts.setdefault(path, 0) if in_array else None
    for body in re.findall(r"\{([^{}]*)\}", STRING.sub('""', value)):
        element = path
        if in_array:
            element = (*path, str(counts[path]))
            counts[path] += 1
        lines.setdefault(element, number)
        for key in INLINE_KEY.findall(body):
            lines.setdefault((*element, key.strip("\"'")), number)
