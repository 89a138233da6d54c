"""How every picture of a pack looks: colours, sizes of letters, and widths of lines, in points as printed."""

from __future__ import annotations

from perfpipe.packs.models.drawings import Tone

INK, SOFT, GRID, BAND, WHITE = "#1A1A1A", "#505A5F", "#E3E3E3", "#E4E9EF", "#FFFFFF"
FOCUS, SECOND, THIRD = "#12436D", "#2073BC", "#8C8C8C"
FOURTH, FIFTH = "#6BACE6", "#BFBFBF"  # pale: only between darker layers, never alone on white
BETTER, WORSE = "#2073BC", "#C2410C"
TONES = {
    Tone.PLAIN: SOFT,
    Tone.FOCUS: FOCUS,
    Tone.SECOND: SECOND,
    Tone.THIRD: THIRD,
    Tone.FOURTH: FOURTH,
    Tone.FIFTH: FIFTH,
    Tone.SIXTH: INK,
    Tone.BETTER: BETTER,
    Tone.WORSE: WORSE,
}
MM = 72 / 25.4
SMALL, LETTERS, LARGE = 10.0, 10.5, 11.0
