"""The parser: a child process that takes spreadsheets apart, so that a damaged or hostile file harms nothing."""

from __future__ import annotations

import io
import json
import pickle
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


class Unreadable(Exception):
    """A file that cannot be parsed: the rule that it breaks, and words for the person who sent it."""

    def __init__(self, rule: Rule, detail: str) -> None:
        super().__init__(rule.id, detail)
        self.rule, self.detail = rule, detail


class _RestrictedUnpickler(pickle.Unpickler):
    """Plain lists, texts and bytes only: nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


class Parser:
    """A child process that parses spreadsheets, reused from file to file and replaced when it dies.

    Use as a context manager. `sheets` raises Unreadable.
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
        answer = self._ask({"path": str(path), "password": password, "text": None})
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
        answer = self._ask({"path": str(path), "password": "", "text": how})
        return _sheet(name, answer["sheets"][0] | {"name": "", "visible": True})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The child's answer. Raises Unreadable."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        seconds = self._limits.seconds
        overdue = threading.Timer(seconds, process.kill)
        overdue.start()
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            (length,) = struct.unpack("<Q", process.stdout.read(8))
            answer = _RestrictedUnpickler(io.BytesIO(process.stdout.read(length))).load()
        except (struct.error, OSError, EOFError, pickle.UnpicklingError):
            late = overdue.finished.is_set()
            self._stop()
            if late:
                raise Unreadable(TOO_SLOW, f"took longer than {seconds:g} seconds to read") from None
            raise Unreadable(PARSER_DIED, "reading the file fails: it is damaged or malicious") from None
        except BaseException:  # an interrupted answer must not be taken for the next one
            self._stop()
            raise
        finally:
            overdue.cancel()
        assert isinstance(answer, dict)
        if "refused" in answer:
            raise Unreadable(REFUSALS[answer["refused"]], str(answer["detail"]))
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


def _sheet(file: str, sheet: dict[str, Any]) -> RawSheet:
    columns = [ColumnCells(cells, np.frombuffer(index, dtype=np.int32)) for cells, index in sheet["columns"]]
    keys = ("visible", "merged", "hidden_rows", "hidden_columns", "notes")
    more: dict[str, Any] = {key: sheet[key] for key in keys if key in sheet}
    if "widths" in sheet:
        more["widths"] = np.frombuffer(sheet["widths"], dtype=np.int64)
    return RawSheet(file, sheet["name"], sheet["height"], columns, **more)
