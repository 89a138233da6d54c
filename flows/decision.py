"""A person decides: the flow stops after its comparison, holds nothing while it waits, and asks again about another."""

from __future__ import annotations

from prefect.context import FlowRunContext
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import deployment
from pydantic import Field

DIFFERS = "**This is not the result that you were shown before: something changed while the run waited.**"


class Decision(RunInput):
    """Whether the months are run and published, after the comparison above was read."""

    publish: bool = Field(
        default=False, description="On: new editions are published beside the old. Off: nothing is published"
    )


def can_wait() -> bool:
    """Whether this run can stop and be resumed: one of a deployment, which starts a process when it is resumed."""
    return deployment.id is not None


def decided(comparison: str, told: str) -> bool:
    """What a person decided about a comparison; where nobody was asked about it yet, the run ends here and waits.

    It is asked once for each: Prefect runs the flow again from its start when it is resumed, and lets a pause with the
    key of the last one pass.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    asked = sorted((run.empirical_policy.pause_keys if run else None) or [])
    if asked and asked[-1].endswith(comparison):
        key = asked[-1]
    else:
        key = f"{len(asked):03}-{comparison}"
        told = f"{DIFFERS}\n\n{told}" if asked else told
    return suspend_flow_run(wait_for_input=Decision.with_initial_data(description=told), key=key).publish
