"""A Prefect server for one workspace: on this machine alone, unless whoever asks must authenticate.

Usage: python -m flows.server [--host 127.0.0.1] [--port 4200]
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import runpy
import sys
from collections.abc import Sequence

from flows.parent import WITH_PARENT, end_with_parent

WRONG_USE = 2
SECRET = "PREFECT_SERVER_API_AUTH_STRING"
REFUSED = (
    f"{{host}} can be reached from other machines: set {SECRET}=USER:PASSWORD first, or keep to 127.0.0.1 behind a "
    "proxy that authenticates (docs/deploy.md)"
)


def settings_of_server(host: str, port: int) -> dict[str, str]:
    """What a server needs that is not left to Prefect: no page of another site may speak to it from a browser."""
    return {
        "PREFECT_SERVER_API_HOST": host,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://{host}:{port}",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    }


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m flows.server", description="A Prefect server for perfpipe.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=4200, help="the port to listen on")
    parser.add_argument(WITH_PARENT, action="store_true", help="end when what started it has ended")
    given = parser.parse_args(arguments)
    if not is_loopback(given.host) and not os.environ.get(SECRET):
        print(REFUSED.format(host=given.host), file=sys.stderr, flush=True)
        sys.exit(WRONG_USE)
    if given.with_parent:
        end_with_parent()
    own_interval = "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL"
    from flows import PREFECT_SETTINGS

    if os.environ.get(own_interval) == PREFECT_SETTINGS[own_interval]:  # that of a server which ends with its run
        del os.environ[own_interval]
    for name, value in settings_of_server(given.host, given.port).items():
        os.environ.setdefault(name, value)
    sys.argv = ["prefect", "server", "start", "--host", given.host, "--port", str(given.port)]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
