"""What soaks and properties share: the whole of a soak, or a seeded sample of it; a few examples, or many.

`PERFPIPE_SOAK=sample` lets every soak take a sample of itself, and takes two in five of those that cannot; always the
same ones unless `PERFPIPE_SOAK_SEED` says otherwise. pytest's header names the seed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import hypothesis
import pytest
from hypothesis import HealthCheck, strategies

hypothesis.settings.register_profile("any machine", deadline=None)  # a busy one is no failure
hypothesis.settings.load_profile("any machine")
T = TypeVar("T")
SAMPLED = os.environ.get("PERFPIPE_SOAK") == "sample"
SHARE = 0.4
SEED = int(os.environ.get("PERFPIPE_SOAK_SEED", "11"))
HEADER = f"soak: a sample of each, PERFPIPE_SOAK=sample PERFPIPE_SOAK_SEED={SEED}" if SAMPLED else "soak: whole"


def picked(name: str, whole: Sequence[T], count: int) -> list[T]:
    """All of them; in a sample so many, in their order, chosen by the seed and the name of the soak."""
    if not SAMPLED or count >= len(whole):
        return list(whole)
    return [whole[place] for place in sorted(Random(f"{SEED}/{name}").sample(range(len(whole)), count))]


def chosen(name: str) -> bool:
    """Whether a sample holds a soak that takes no sample of itself, by the seed and its name: two in five do."""
    return Random(f"{SEED}/{name}").random() < SHARE


def holds_of(
    *given: strategies.SearchStrategy[object], few: int, many: int
) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """A property of whatever the strategies give, as a test of `few` examples and a soak of `many` (sampled: a tenth).

    The soak's examples follow from the seed, those of every day are others each time.
    """

    def decorated(check: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.soak)])
        def test(examples: int) -> None:
            whole = examples == few or not SAMPLED
            number = examples if whole else max(few, many // 10)
            limits = hypothesis.settings(max_examples=number, suppress_health_check=[HealthCheck.too_slow])
            property_ = limits(hypothesis.given(*given)(check))
            (property_ if whole else hypothesis.seed(SEED)(property_))()

        test.__name__ = test.__qualname__ = check.__name__
        test.__module__, test.__doc__ = check.__module__, check.__doc__
        return test

    return decorated
