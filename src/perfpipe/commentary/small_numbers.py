"""Numbers of one to four people or cases in a text, in words or digits: somebody may be recognised by them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

WORD = re.compile(r"[^\W_]+(?:['’.,/:-][^\W_]+)*%?")
DIGITS = frozenset("1234")
SEVERAL = frozenset({"two", "three", "four", "both", "couple", "pair"})
ONE = frozenset({"one", "single", "only", "lone"})
AS_THEY_ARE = frozenset({"twin", "twins", "triplets", "quadruplets"})
AGED = re.compile(r"\d{1,2}-years?-olds?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONE_OF_THEM = _words(
    "child girl boy teenager adolescent infant toddler sibling brother sister person pupil student parent mother "
    "father mum dad carer adopter fosterer worker practitioner leaver starter employee colleague case episode "
    "interview placement assessment allegation referral return incident visit audit review resident individual "
    "male female household youngster refugee victim patient"
)
_OTHERS = _words("children people baby babies family families staff")
PEOPLE = frozenset(f"{word}s" for word in _ONE_OF_THEM) | _ONE_OF_THEM | _OTHERS
VERBS = frozenset({"were", "was", "had", "have", "went", "are", "did"})
MONTHS = _words("january february march april may june july august september october november december")
UNITS = MONTHS | _words(
    "month months week weeks day days hour hours year years minute minutes per percent percentage point points pp time "
    "times quarter quarters team teams step steps stage stages meeting meetings area areas action actions reason "
    "reasons recommendation recommendations way ways thing things in pm am million thousand hundred"
)
LABELS = MONTHS | _words(
    "recommendation recommendations action page pages decision stage quarter phase tier level band grade version "
    "appendix step question item section table chart rule paragraph schedule part week day objective priority group "
    "year key"
)
AHEAD = 3  # words: three vulnerable teenage girls


def small_numbers_in(text: str) -> tuple[int, ...]:
    """The places, counted in words from 1, at which a text counts one to four people or cases.

    It would rather name one too many: what it finds is looked at, and no words are refused for it.
    """
    words = [word.casefold() for word in WORD.findall(normalize("NFKC", text))]
    return tuple(place for place, _ in enumerate(words, 1) if _counts(words, place - 1))


def _counts(words: Sequence[str], at: int) -> bool:
    word, before, after = words[at], words[at - 1] if at else "", words[at + 1 : at + 1 + AHEAD]
    if word in AS_THEY_ARE:
        return True
    if not after:
        return word in DIGITS and before not in LABELS
    if AGED.fullmatch(after[0]):
        return word in DIGITS | SEVERAL | ONE or word in ("a", "the")
    if after[0] in UNITS or before in LABELS or _is_ratio(words, at):
        return False
    if word in DIGITS:
        return True
    counted = any(each in PEOPLE for each in _unbroken(after))
    if word in SEVERAL:
        return counted or after[0] in VERBS or after[:2] == ["of", "them"]
    return word in ONE and counted


def _unbroken(after: Sequence[str]) -> Sequence[str]:
    """The words ahead, as far as none of them begins something else: `one for the team and children`."""
    stop = next((place for place, word in enumerate(after) if word in ("and", "or", "for", "to", "that", "by")), AHEAD)
    return after[:stop]


def _is_ratio(words: Sequence[str], at: int) -> bool:
    """The second number of `one in four`."""
    return at >= 2 and words[at - 1] == "in" and words[at - 2] in DIGITS | SEVERAL | ONE
