"""A process that ends when the one that started it has ended, however that ended: nothing is left to hold a port."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

WITH_PARENT = "--with-parent"
SECONDS_TO_END = 20


def end_with_parent() -> None:
    """From now on, end when standard input ends: a pipe that the parent holds and never writes to."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not by its buffer, whose lock would abort the interpreter when it ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os._exit(1)
