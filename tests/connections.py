"""No test speaks to another machine: whatever a process of the tests tries to connect to or to look up is refused.

Processes of their own are listened to where they might: `LISTENER` in `tests/flows`.
"""

from __future__ import annotations

import ipaddress
import socket
import subprocess
import sys
from functools import cache

NAMES = {"", "localhost", socket.gethostname()}


class OutsideConnectionError(Exception):
    """A test tried to reach another machine."""


@cache
def own_addresses() -> frozenset[str]:
    """The addresses of this machine besides loopback."""
    try:
        found = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    return frozenset(found.split())


def is_here(host: str) -> bool:
    """Whether a name or an address is of this machine; one that listens everywhere is."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in NAMES
    return address.is_loopback or address.is_unspecified or host in own_addresses()


def refuse_others() -> None:
    """From now on, in this process and for good."""
    own_addresses()

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            host = arguments[1][0] if isinstance(arguments[1], tuple) else ""
        elif event == "socket.getaddrinfo":
            host = arguments[0] or ""
        else:
            return
        host = host.decode() if isinstance(host, bytes) else str(host)
        if not is_here(host):
            raise OutsideConnectionError(f"{event} to {host}: no test may reach another machine")

    sys.addaudithook(heard)
