"""Commands that are typed wrong, each answered in one line that says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

DASHES = "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
LOOKS_LIKE_OPTION = re.compile(
    rf"(?:[{DASHES}]+-?|-(?![-w])|/(?=(?:details|help|workspace|format|month|reason|rows|html|due)$))"
    r"(?P<name>[a-z][a-z-]+)"
)


def hint_of(arguments: Sequence[str]) -> str:
    """What is wrong with how a command line is written, before it is understood; empty where nothing is."""
    for number, argument in enumerate(arguments):
        after_option = number > 0 and arguments[number - 1].startswith("--")
        if (found := LOOKS_LIKE_OPTION.fullmatch(argument)) and not after_option:
            first = argument[0]
            how = "a long dash, as Word types it" if first in DASHES else f"one {first}"
            return f"{argument} begins with {how}: type two hyphens, --{found['name']}"
        if argument in ("-w", "--workspace") and (said := _broken_path(arguments[number + 1 :])):
            return said
    return ""


def _broken_path(words: Sequence[str]) -> str:
    """Whether a path with spaces came in pieces, as it does without quotes."""
    if len(words) < 2 or Path(words[0]).exists():
        return ""
    for number in range(2, len(words) + 1):
        path = " ".join(words[:number])
        if Path(path).exists():
            return f'a path with spaces needs quotes: "{path}"'
    return ""


def one_line(error: Exception, arguments: Sequence[str]) -> str:
    """What the parser of commands says, in one line, with how to go on."""
    said = " ".join(str(error).split())
    if found := re.match(r"Unused Tokens: \[(.*)\]", said):
        said = f"more was given than the command takes: {found[1]}. What has a space in it needs quotes"
    said = re.sub(r"Available commands: .*", "", said).strip()
    command = next((each for each in arguments if re.fullmatch(r"[a-z][a-z-]+", each)), "")
    known = f"perfpipe {command} --help" if command and "nknown command" not in said else "perfpipe --help"
    return f"{said.rstrip('.')}{'' if said.endswith('?') else '.'} `{known}` says what there is."
