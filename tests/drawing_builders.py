"""Made-up drawings of every kind, with the size at which each is printed: name, drawing, width and height in mm."""

from __future__ import annotations

from perfpipe.packs.models.drawings import Drawing, Funnel, FunnelStep, Tone

FUNNEL = Funnel(
    (
        FunnelStep("Returned", 73, "73", "", Tone.THIRD),
        FunnelStep("Interview needed", 66, "66", "100%"),
        FunnelStep("Offered", 49, "49", "74%"),
        FunnelStep("Accepted", 38, "38", "58%"),
        FunnelStep("Interviewed", 32, "32", "48%"),
        FunnelStep("Within 72 hours", 31, "31", "47%", Tone.FOCUS),
    ),
    "returns",
    "%",
)
DRAWINGS: dict[str, tuple[Drawing, float, float]] = {
    "funnel": (FUNNEL, 90, 56),
    "funnel-wide": (FUNNEL, 184, 56),
}
