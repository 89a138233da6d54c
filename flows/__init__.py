"""The Prefect flows: schedule, backfill, retries and the page. The stages themselves are in `perfpipe.run`.

Prefect reads its settings when it is imported, so they are set here, before any module of this package does so: no
telemetry, no chatter but the story of a run on its page, a temporary server that has the time to start and records
task runs when it ends (one that ends while it is recording prints a traceback), and patience with a server whose
database is away for minutes. What is set in the environment already stays, and a server of your own has its own
settings.
"""

import os

PREFECT_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1000",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "3600",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "8",
    "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500,504",
}
for _name, _value in PREFECT_SETTINGS.items():
    os.environ.setdefault(_name, _value)
