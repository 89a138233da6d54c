"""What is said of records that faults keep out of a figure, and from when on it is said (definitions 2.6)."""

from __future__ import annotations

import re

NOTABLE, LEAST_NOTABLE, ALWAYS_NOTABLE = 0.02, 2, 20  # their share and least number; more than so many at any share
# what sources write where there is nothing to say: no value about a child, and safe to name
FILLERS = re.compile(
    r"n/?\.?[akr]\.?|n\.?/?a\.?|-+|\.+|\?+|x+|nil|none|null|tb[acd]|unknown|pending|missing|blank|empty|yes|no|open|"
    r"current|ongoing|present|not (?:known|recorded|applicable|available|yet|stated|entered|found|required)|"
    r"no (?:date|record|data|info)|see notes|#(?:n/a|(?:ref|value|div/0|num|null)!|name\?)|"
    r"(?:0?1[/.-]0?1[/.-])?1900|00[/.-]00[/.-]0000|"
    r"(?:3[01][/.-]12[/.-])?(?:4712|2999|9999)"
)


def is_notable(left_out: int, of: int) -> bool:
    """Whether a figure that lost so many of its records must say so."""
    return left_out > ALWAYS_NOTABLE or (left_out >= LEAST_NOTABLE and left_out > NOTABLE * of)


def left_out_note(left_out: int, of: int, because: str) -> str:
    """`3 of 40 records left out: interview time unreadable`; empty where that need not be said."""
    return f"{left_out} of {of} records left out: {because}" if is_notable(left_out, of) else ""


def withheld_because(left_out: int, of: int, because: str, text: str = "") -> str:
    """Why a figure that lost too many of its records is not shown."""
    return f"{left_out} of {of} records left out: {because}" + (f" ({text})" if text else "")


def shown_text(text: str) -> str:
    """What stands in many faulty cells, where it is a filler such as N/A; of anything else only that it is the same."""
    return f"most of these cells say {text.upper()}" if FILLERS.fullmatch(text) else "most of these cells say the same"
