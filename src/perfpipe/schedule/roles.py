"""Roles: those that nobody holds, or that nobody would hear of, as settings and plan have them."""

from __future__ import annotations

from perfpipe.plan.model import Plan
from perfpipe.settings.settings import Settings


def unheld_roles(settings: Settings, plan: Plan | None) -> tuple[str, ...]:
    """What to say of roles without a holder: in the plan without a person, in settings without an address.

    Nothing is asked of settings that tell nobody. An address of a role that there is not is told nothing, and is said.
    """
    unheld = [owner.role for owner in (plan.owners if plan else ()) if not owner.person]
    found = (
        [f"plan.toml names nobody who holds {'; '.join(unheld)}. Add `person` to their `[[owners]]`"] if unheld else []
    )
    if not settings.notify:
        return tuple(found)
    roles = dict.fromkeys(
        [*(each.sender for each in settings.expected), *(settings.owner_of(each.dataset) for each in settings.expected)]
    )
    told = {each.owner for each in settings.notify}
    found += [
        f"{role}: has no address; add `[[notify]]` with owner = {role!r} to perfpipe.toml"
        for role in roles
        if role not in told
    ]
    found += [
        f"{owner}: has an address in `[[notify]]`, but neither sends an extract nor puts faults right"
        for owner in sorted(told - {""} - {*roles, *settings.owners.values(), settings.owner_of("")})
    ]
    return tuple(found)
