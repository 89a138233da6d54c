"""Pieces of text that pages are made of."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.packs.models.blocks import Manner, Paragraph, Text, Words

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def plain(text: str) -> Text:
    """Words without more."""
    return (Words(text),)


def strong(text: str) -> Words:
    """Words in bold."""
    return Words(text, strong=True)


def linked(text: str, to: str) -> Words:
    """Words that lead to a page or measure of this pack, or to an address on the web."""
    return Words(text, link=to)


def paragraph(text: str, manner: Manner = Manner.BODY) -> Paragraph:
    """A paragraph of words without more."""
    return Paragraph(plain(text), manner)


def number_word(number: int) -> str:
    """`two`, `no`; from 13 in figures."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def how_many(number: int) -> str:
    """The same where no noun follows: `two`, `none`."""
    return number_word(number) if number else "none"


def several(number: int, noun: str) -> str:
    """`one target`, `two targets`, `25 targets`."""
    return f"{number_word(number)} {noun}" if number == 1 else f"{number_word(number)} {noun}s"


def joined(items: Sequence[Text], between: str) -> Text:
    """Texts one after the other, with words between them."""
    return tuple(word for place, item in enumerate(items) for word in ((Words(between),) if place else ()) + item)


def all_arrived(extracts: int) -> str:
    """`All nine extracts arrived`, `The one extract arrived`."""
    return "The one extract arrived" if extracts == 1 else f"All {several(extracts, 'extract')} arrived"
