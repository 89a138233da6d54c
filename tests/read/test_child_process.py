"""The process that reads files, when something other than the file ends it, and how long it may take."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.read.child_process import Parser
from perfpipe.read.read_file import read_file
from perfpipe.settings.settings import FileLimits
from perfpipe.storage.failures import MachineFailure
from tests.builders import WORKER, standard, write_xlsx

DATASET = BY_ID["social_workers"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "a.xlsx", [WORKER])


def read(path: Path, parser: Parser) -> tuple[list[int], list[str]]:
    table = read_file(path, "2017-05/a.xlsx", DATASET, standard(DATASET.id), parser)
    return list(table.rows), [fault.rule for fault in table.faults]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], None]:
    """Let the first so many processes that are asked be ended by a signal before they answer."""

    def end(times: int, how: str) -> None:
        running, left = Parser._running, [None] * times

        def started(self: Parser) -> subprocess.Popen[bytes]:
            process = running(self)
            if left:
                left.pop()
                getattr(process, how)()
            return process

        monkeypatch.setattr(Parser, "_running", started)

    return end


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_one_that_is_killed_from_outside_is_replaced_and_the_file_read(
    path: Path, ended: Callable[[int, str], None], how: str
) -> None:
    ended(1, how)
    with Parser() as parser:
        assert read(path, parser) == ([2], [])


def test_two_that_are_killed_blame_the_machine_and_not_the_file(path: Path, ended: Callable[[int, str], None]) -> None:
    ended(2, "kill")
    with (
        Parser() as parser,
        pytest.raises(MachineFailure, match=r"^2017-05/a\.xlsx could not be read: .* from outside"),
    ):
        read(path, parser)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file whose reading fails")
@pytest.mark.parametrize("name", ["2017-05/a.xlsx", "2017-05/a.csv"])
def test_a_disk_that_fails_is_no_damage_of_the_file(name: str) -> None:
    with Parser() as parser, pytest.raises(MachineFailure, match=rf"\({name}\): the disk reports an error\. Check"):
        read_file(Path("/proc/self/mem"), name, DATASET, standard(DATASET.id), parser)


@pytest.mark.soak
@pytest.mark.slow
def test_time_that_it_did_not_run_is_not_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is a second of processor time; the process is stopped for two."""
    running = Parser._running

    def stopped(self: Parser) -> subprocess.Popen[bytes]:
        process = running(self)
        process.send_signal(signal.SIGSTOP)
        threading.Timer(2, process.send_signal, [signal.SIGCONT]).start()
        return process

    with Parser(FileLimits(seconds=1)) as parser:
        assert read(path, parser) == ([2], [])
        monkeypatch.setattr(Parser, "_running", stopped)
        began = time.monotonic()
        assert read(path, parser) == ([2], [])
        assert time.monotonic() - began > 1.5
