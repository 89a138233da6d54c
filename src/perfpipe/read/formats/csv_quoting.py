"""The quoting of a CSV file, checked to the letter (RFC 4180): where a quote stands that a value may not have.

Without this a lost comma before a quoted value with a comma in it cuts that value in two, and the row has as many
values as before. Runs in the child process.
"""

from __future__ import annotations

import re

from perfpipe.read.formats.container import FileRefusal
from perfpipe.rules.containers import CSV_QUOTES

LINE_END = re.compile(r"\r\n|\r|\n")


def check_quoting(text: str, delimiter: str, quote: str) -> None:
    """Refuse text in which a quote stands elsewhere than around a whole value, or doubled within one.

    Let through are a line without a delimiter, as a title above the table is, which no quote can cut, and `="0012"`,
    by which Excel is told to keep a number's zeros.
    """
    if quote not in text:
        return
    q, d = re.escape(quote), re.escape(delimiter)
    quoted = f"{q}(?:[^{q}]++|{q}{q})*+{q}"
    kept = f'="[^"{d}\r\n]*+"(?=[{d}\r\n]|\\Z)|' if quote == '"' else ""
    value = f"(?:{quoted}|{kept}[^{q}{d}\r\n]*+)"
    title = f"[^{q}{d}\r\n][^{d}\r\n]*+(?=[\r\n]|\\Z)"
    end = "(?:\r\n|[\r\n])"
    whole = re.compile(f"(?:(?:{title}|{value}(?:{d}{value})*+){end})*+(?:{title}|{value}(?:{d}{value})*+)\\Z")
    if whole.match(text):
        return
    rows = re.compile(f"(?:(?:{title}|{value}(?:{d}{value})*+){end})*+").match(text)
    start = rows.end() if rows else 0
    values = re.compile(f"(?:{value}{d})*+").match(text, start)
    start = values.end() if values else start
    line = len(LINE_END.findall(text, 0, start)) + 1
    raise FileRefusal(CSV_QUOTES, f"line {line}: {_found(text[start:], quoted, quote)}")


def _found(rest: str, quoted: str, quote: str) -> str:
    if not rest.startswith(quote):
        return "a quote inside a value that does not begin with one"
    if re.match(quoted, rest):
        return "text after the closing quote of a value"
    return "a quote that opens a value and is not closed"
