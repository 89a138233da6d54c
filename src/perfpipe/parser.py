"""The parser: a child process that takes spreadsheets apart, so that a damaged or hostile file harms nothing."""

from __future__ import annotations

import io
import json
import pickle
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from perfpipe.rawcells import Cells, Sheet

LIMITS = {
    "memory_bytes": 1536 * 2**20,
    "unpacked_bytes": 1024 * 2**20,
    "rows": 400_000,
    "columns": 500,
    "cells": 20_000_000,
}
SECONDS = 60


class Unreadable(Exception):
    """A file that cannot be parsed: a reason code, words for the person who sent it, and what to do."""

    def __init__(self, reason: str, detail: str, what_to_do: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
        self.what_to_do = what_to_do or "Open the file in Excel, save it again as .xlsx and send it again."


class _Restricted(pickle.Unpickler):
    """Plain lists, texts and bytes only: nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


class Parser:
    """A child process that parses spreadsheets, reused from file to file and replaced when it dies.

    Use as a context manager. `sheets` raises Unreadable with a reason code and words.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def sheets(self, path: Path, name: str) -> list[Sheet]:
        """Every worksheet of a workbook; `name` is what people call the file."""
        answer = self._ask(path)
        if "refused" in answer:
            raise Unreadable(str(answer["refused"]), str(answer["detail"]), str(answer["what_to_do"]))
        return [_sheet(name, sheet) for sheet in answer["sheets"]]

    def _ask(self, path: Path) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        overdue = threading.Timer(SECONDS, process.kill)
        overdue.start()
        try:
            process.stdin.write(json.dumps({"path": str(path)}).encode() + b"\n")
            process.stdin.flush()
            (length,) = struct.unpack("<Q", process.stdout.read(8))
            answer = _Restricted(io.BytesIO(process.stdout.read(length))).load()
        except (struct.error, OSError, EOFError, pickle.UnpicklingError):
            late = overdue.finished.is_set()
            self._stop()
            if late:
                raise Unreadable("too_slow", f"took longer than {SECONDS} seconds to parse") from None
            raise Unreadable("parser_died", "the file makes the parser fail: it is damaged or hostile") from None
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
            command = [sys.executable, "-P", "-m", "perfpipe.read_worker", json.dumps(LIMITS)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _sheet(file: str, sheet: dict[str, Any]) -> Sheet:
    columns = [Cells(cells, np.frombuffer(index, dtype=np.int32)) for cells, index in sheet["columns"]]
    return Sheet(file, sheet["name"], sheet["height"], columns, sheet["visible"])
