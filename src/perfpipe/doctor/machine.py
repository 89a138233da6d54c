"""What is looked at of the machine: Python, packages against the lock, child processes, clock, time zone, terminal."""

from __future__ import annotations

import json
import platform
import re
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from perfpipe.doctor.finding import Finding, Health, good

LOCK_FILE = "requirements.lock"
OLDEST_YEAR = 2025  # perfpipe is not older: a clock before it is wrong
NAMED = 5
SECONDS = 60  # for a child process to start


def machine_findings(now: datetime, newest: datetime | None) -> Iterator[Finding]:
    """Everything about the machine; `newest`: when the ledger recorded something last."""
    yield python_finding()
    yield packages_finding(locked_versions(), installed_versions())
    yield child_finding([sys.executable, "-c", "import sqlite3, ssl, zoneinfo"])
    yield zone_finding()
    yield clock_finding(now, newest)
    yield terminal_finding(getattr(sys.stdout, "encoding", None) or "")


def python_finding() -> Finding:
    """Which Python, and whether it is one of those that perfpipe is tested with."""
    bits = struct.calcsize("P") * 8
    found = f"Python {platform.python_version()}, {bits} bit, {platform.system()} {platform.release()}"
    wanted = metadata.metadata("perfpipe")["Requires-Python"]
    if platform.python_version() not in SpecifierSet(wanted):
        return Finding("Python", Health.BAD, found, f"Install a Python that is {wanted}, and perfpipe with it.")
    if bits < 64:
        return Finding("Python", Health.BAD, found, "Install the 64-bit Python: large extracts need its memory.")
    return good("Python", found)


def locked_versions() -> dict[str, str]:
    """The versions of `requirements.lock`, where perfpipe was installed from its source; else nothing."""
    source = metadata.distribution("perfpipe").read_text("direct_url.json")
    url = urlparse(json.loads(source)["url"]) if source else None
    path = Path(url2pathname(unquote(url.path)), LOCK_FILE) if url and url.scheme == "file" else None
    if path is None or not path.is_file():
        return {}
    lines = re.findall(r"^(\S+==[^\\\n]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    needed = [each for each in map(Requirement, lines) if each.marker is None or each.marker.evaluate()]
    return {each.name: str(each.specifier).removeprefix("==") for each in needed}


def installed_versions() -> dict[str, str]:
    """What is installed, by its name as lock files write it."""
    return {_plain(each.metadata["Name"]): each.version for each in metadata.distributions() if each.metadata["Name"]}


def packages_finding(locked: Mapping[str, str], installed: Mapping[str, str]) -> Finding:
    """Whether the packages are those that perfpipe was tested with."""
    if not locked:
        found = f"perfpipe {metadata.version('perfpipe')}, not installed from its source"
        return Finding("Packages", Health.UNKNOWN, found, "`python -m pip check` says whether packages fit together.")
    others = [
        f"{name} {installed[_plain(name)]} in place of {version}"
        for name, version in locked.items()
        if installed.get(_plain(name), version) != version
    ]
    missing = [name for name in locked if _plain(name) not in installed]
    if not others and not missing:
        return good("Packages", f"perfpipe {metadata.version('perfpipe')}; all {len(locked)} as in {LOCK_FILE}")
    told = [*others, *(f"{name} is missing" for name in missing)]
    more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
    what = f"Install them as {LOCK_FILE} has them: `uv pip sync --require-hashes {LOCK_FILE}`, then perfpipe again."
    return Finding("Packages", Health.CAUTION, f"{', '.join(told[:NAMED])}{more}", what)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def child_finding(command: list[str]) -> Finding:
    """Whether a child process may be started: spreadsheets are taken apart, and charts drawn, in some."""
    what = "Ask IT to let this Python start other processes of itself; runs need it."
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("Child processes", Health.BAD, f"cannot be started ({type(error).__name__})", what)
    if done.returncode:
        return Finding("Child processes", Health.BAD, f"one ended with {done.returncode}", what)
    return good("Child processes", "can be started")


def zone_finding() -> Finding:
    """Whether times in this country can be told: winter and summer time of London."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    what = "Install the package tzdata: `pip install tzdata`."
    try:
        zone = ZoneInfo("Europe/London")
    except (ZoneInfoNotFoundError, OSError):
        return Finding("Time zone", Health.BAD, "Europe/London is not known here", what)
    hours = [datetime(2018, month, 1, 12, tzinfo=zone).utcoffset() for month in (1, 7)]
    if [each.total_seconds() / 3600 if each is not None else None for each in hours] != [0, 1]:
        return Finding("Time zone", Health.BAD, "summer time in London is not known here", what)
    return good("Time zone", "Europe/London with its summer time")


def clock_finding(now: datetime, newest: datetime | None) -> Finding:
    """Whether the clock can be right: not before perfpipe was made, nor before what the ledger has recorded last."""
    found = f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    what = "Set the clock of this machine: what is received and published is recorded by it."
    if now.year < OLDEST_YEAR:
        return Finding("Clock", Health.BAD, found, what)
    if newest and newest > now:
        return Finding(
            "Clock", Health.BAD, f"{found}, but the ledger has an entry of {newest:%Y-%m-%d %H:%M} UTC", what
        )
    return good("Clock", found)


def terminal_finding(encoding: str) -> Finding:
    """Whether the terminal can show every letter of a name."""
    if re.sub(r"\W|_", "", encoding).casefold() in ("utf8", ""):
        return good("Terminal", "shows every letter (UTF-8)")
    what = (
        "Set the environment variable PYTHONUTF8 to 1; letters such as an accent may be shown wrong, files are right."
    )
    return Finding("Terminal", Health.CAUTION, f"uses {encoding}", what)
