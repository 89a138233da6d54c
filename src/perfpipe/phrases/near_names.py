"""Names that look like one that there is not: what a message says where somebody mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

NEAR = 75  # of 100: `RHI-5` for RHI-05, two letters swapped, or all its words among those of a longer name
SAME = 101  # but for signs, and zeros before a number
MEASURES_LISTED = "`perfpipe measures` lists them"
MEANT, FEW = 3, 12  # how many to propose; how many are listed in a message


def near_names(name: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> list[str]:
    """The known names that look like one, or whose titles do, the likeliest first."""
    from rapidfuzz import fuzz

    wanted, scores = _plain(name), dict[str, tuple[float, float]]()
    for each in known if wanted else ():
        for text in filter(None, (each, (titles or {}).get(each))):
            letters, words = fuzz.ratio(wanted, _plain(text)), fuzz.token_set_ratio(wanted, _plain(text))
            score = (max(letters, words - 5) if _bare(text) != _bare(name) else SAME, letters)
            scores[each] = max(scores.get(each, score), score)
    near = [each for each, (score, _) in scores.items() if score >= NEAR]
    return sorted(near, key=lambda each: scores[each], reverse=True)[:MEANT]


def meant(name: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
    """`did you mean x or y? `, or nothing."""
    near = near_names(name, known, titles)
    return f"did you mean {' or '.join(near)}? " if near else ""


def no_such(
    what: str, name: str, known: Iterable[str], where: str = "", titles: Mapping[str, str] | None = None
) -> str:
    """`no measure 'x'; did you mean y? ...`: then the names there are, or where they are many, what lists them."""
    names = list(known)
    if not names:
        return f"no {what} {name!r}; none is declared"
    listed = where if where and len(names) > FEW else f"expected one of {', '.join(names)}"
    return f"no {what} {name!r}; {meant(name, names, titles)}{listed}"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def _bare(text: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", _plain(text)).replace(" ", "")
