"""The parser: a child process that takes spreadsheets apart, so that a damaged or hostile file harms nothing."""

from __future__ import annotations

import io
import json
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.raw_cells import ColumnCells, RawSheet
from perfpipe.rules.containers import PARSER_DIED, REFUSALS, TOO_SLOW
from perfpipe.rules.rule import Rule
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import FileLimits
from perfpipe.storage.failures import MachineFailure, failure_of

FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")  # a crash of its own has another
TIME_USED_UP = "SIGPROF"  # sent by the child's own timer, which counts processor time: a busy machine is no fault
COUNTS_PROCESSOR_TIME = hasattr(signal, "setitimer")  # not on Windows
WAIT_FOR_EACH_SECOND = 20  # seconds by the clock, in case that it does nothing at all
KILLED_TWICE = (
    "the process that reads files was killed from outside, and so was a second one. That says nothing of the file: the "
    "machine may be short of memory. Close other programs, then run the command again; if it happens again at this "
    "file alone, lower `memory_mb` under [limits] in perfpipe.toml."
)


class _KilledChild(Exception):
    """The child was ended by somebody else, not by the file."""


class Unreadable(Exception):
    """A file that cannot be parsed: the rule that it breaks, and words for the person who sent it."""

    def __init__(self, rule: Rule, detail: str) -> None:
        super().__init__(rule.id, detail)
        self.rule, self.detail = rule, detail


class _RestrictedUnpickler(pickle.Unpickler):
    """Plain lists, texts and bytes only: nothing that could run."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


class Parser:
    """A child process that parses spreadsheets, reused from file to file and replaced when it dies.

    Use as a context manager. `sheets` raises Unreadable; MachineFailure where something
    other than the file ends the child twice.
    """

    def __init__(self, limits: FileLimits | None = None) -> None:
        self._limits = limits or FileLimits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def start(self) -> None:
        """Start the child now, so that it is ready when the first file comes. Returns at once."""
        self._running()

    def sheets(self, path: Path, name: str, password: str = "") -> list[RawSheet]:
        """Every worksheet of a workbook; `name` is what people call the file."""
        answer = self._ask({"path": str(path.absolute()), "password": password, "text": None}, name)
        return [_sheet(name, sheet) for sheet in answer["sheets"]]

    def texts(self, path: Path, name: str, layout: Layout, tabs: bool, headers: Sequence[Sequence[str]]) -> RawSheet:
        """A CSV file as one sheet of texts; `tabs`: its name says that tabs separate the values.

        `headers` lists the names each column may have: they confirm a delimiter that the layout does not declare.
        """
        how = {
            "encoding": layout.encoding,
            "delimiter": "\t" if tabs else layout.delimiter,
            "quote": layout.quote,
            "headers": [[plain(text) for text in names] for names in headers],
        }
        answer = self._ask({"path": str(path.absolute()), "password": "", "text": how}, name)
        return _sheet(name, answer["sheets"][0] | {"name": "", "visible": True})

    def _ask(self, request: dict[str, object], name: str) -> dict[str, Any]:
        """The child's answer, by a second child where the first was killed. Raises Unreadable, MachineFailure."""
        try:
            answer = self._answer(request)
        except _KilledChild:
            try:
                answer = self._answer(request)
            except _KilledChild:
                raise MachineFailure(f"{name} could not be read: {KILLED_TWICE}") from None
        if "machine" in answer:
            raise failure_of(OSError(answer["machine"], ""), request["path"], f"read ({name})")
        if "refused" in answer:
            raise Unreadable(REFUSALS[answer["refused"]], str(answer["detail"]))
        return answer

    def _answer(self, request: dict[str, object]) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        seconds = self._limits.seconds
        longest = seconds * WAIT_FOR_EACH_SECOND if COUNTS_PROCESSOR_TIME else seconds
        overdue = threading.Timer(longest, process.kill)
        overdue.start()
        try:
            process.stdin.write(json.dumps(request | {"seconds": seconds}).encode() + b"\n")
            process.stdin.flush()
            (length,) = struct.unpack("<Q", process.stdout.read(8))
            answer = _RestrictedUnpickler(io.BytesIO(process.stdout.read(length))).load()
        except (struct.error, OSError, EOFError, pickle.UnpicklingError):
            late = overdue.finished.is_set()
            ended_by = _signal_that_ended(process)
            self._stop()
            if late:
                raise Unreadable(TOO_SLOW, f"took longer than {longest:g} seconds to read") from None
            if ended_by == TIME_USED_UP:
                raise Unreadable(TOO_SLOW, f"took more than {seconds:g} seconds of processor time to read") from None
            if ended_by in FROM_OUTSIDE:
                raise _KilledChild from None
            raise Unreadable(PARSER_DIED, "reading the file fails: it is damaged or malicious") from None
        except BaseException:  # an interrupted answer must not be taken for the next one
            self._stop()
            raise
        finally:
            overdue.cancel()
        assert isinstance(answer, dict)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            command = [sys.executable, "-P", "-m", "perfpipe.read.formats.worker", json.dumps(self._limits.of_child)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _signal_that_ended(process: subprocess.Popen[bytes]) -> str:
    """The name of the signal that ended a child whose answers have stopped; empty where none did."""
    try:
        code = process.wait(timeout=5)
        return signal.Signals(-code).name if code < 0 else ""
    except (subprocess.TimeoutExpired, ValueError):
        return ""


def _sheet(file: str, sheet: dict[str, Any]) -> RawSheet:
    columns = [ColumnCells(cells, np.frombuffer(index, dtype=np.int32)) for cells, index in sheet["columns"]]
    keys = ("visible", "merged", "hidden_rows", "hidden_columns", "notes")
    more: dict[str, Any] = {key: sheet[key] for key in keys if key in sheet}
    if "widths" in sheet:
        more["widths"] = np.frombuffer(sheet["widths"], dtype=np.int64)
    return RawSheet(file, sheet["name"], sheet["height"], columns, **more)
