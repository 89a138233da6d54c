"""Signs in texts that nobody sees: they come with text that is copied from web pages, mails and documents."""

from __future__ import annotations

import unicodedata

_NOT_SHOWN = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
)  # fmt: skip
_LIKE_SPACES = (
    (0x0B, 0x0C), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
INVISIBLE: dict[int, str | None] = {
    **{sign: None for first, last in _NOT_SHOWN for sign in range(first, last + 1)},
    **{sign: " " for first, last in _LIKE_SPACES for sign in range(first, last + 1)},
}  # what stands for each: nothing, or an ordinary space
MOST_NAMED = 3
_CONTROLS = {0x0B: "vertical tab", 0x0C: "form feed", 0x7F: "delete"}


def signs_in(text: str) -> set[str]:
    """The invisible signs of a text."""
    return {sign for sign in text if ord(sign) in INVISIBLE}


def names_of(signs: set[str]) -> str:
    """Invisible signs as a person can look them up: U+200B zero width space."""
    named = [f"U+{ord(sign):04X} {_name(sign)}" for sign in sorted(signs)]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def _name(sign: str) -> str:
    return unicodedata.name(sign, "").lower() or _CONTROLS.get(ord(sign), "control character")
