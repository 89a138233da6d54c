"""Tests are kept from other machines, and let through to this one."""

from __future__ import annotations

import socket

import pytest

from tests.connections import OutsideConnectionError, is_here


@pytest.mark.parametrize("host", ["192.0.2.99", "2001:db8::1", "example.org"])
def test_nobody_is_reached_and_no_name_is_looked_up(host: str) -> None:
    with pytest.raises(OutsideConnectionError):
        socket.create_connection((host, 443), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "0.0.0.0", ""])
def test_this_machine_is_reached(host: str) -> None:
    assert is_here(host)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
