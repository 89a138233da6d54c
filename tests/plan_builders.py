"""A small plan with an entry in every table, and changes to it."""

from __future__ import annotations

from pathlib import Path

from perfpipe.measures import BY_ID
from perfpipe.plan import Plan, load_plan

KNOWN = tuple(BY_ID[name] for name in ("missing_episodes", "rhi_offered", "children_looked_after"))
PLAN = """\
title = "Plan"
revised_on = "2017-10-31"
without_recommendation = ["missing_episodes"]

[[owners]]
id = "head"
role = "Head of Service"

[[recommendations]]
id = "1"
title = "One"
measures = ["rhi_offered"]

[[recommendations]]
id = "2"
title = "Two"
evidence = "no quantitative measure: evidence is an audit"

[[manual_measures]]
id = "audits_good"
code = "R1-02"
title = "Audits graded good"
unit = "percent"
polarity = "high"
owner = "head"
definition = "Of the audits of the month, those graded good"
why_it_matters = "It shows the quality"
source = "Audit log"
groups = ["risk", "plan"]
recommendation = "1"

[targets.rhi_offered]
recommendation = "1"
source = "Plan, action 1.1"
steps = [
    { from = "2017-04", agreed_on = "2017-06-14", target = "0.80", amber_within = "0.10" },
    { from = "2017-10", agreed_on = "2017-10-18", target = "0.90", source = "Board, decision D1" },
]

[targets.children_looked_after]
recommendation = "1"
source = "Council Plan"
steps = [{ from = "2017-04", agreed_on = "2017-06-14", low = "580", high = "630" }]

[targets.audits_good]
recommendation = "1"
source = "Plan"
steps = [{ from = "2017-04", agreed_on = "2017-06-14", target = "0.5" }]

[[actions]]
id = "1.1"
recommendation = "1"
what = "Do it"
owner = "head"
due = "2017-09-30"
history = [
    { on = "2017-06-14", status = "green", note = "Begun" },
    { on = "2017-09-01", status = "amber" },
    { on = "2017-10-18", status = "blue", note = "Done" },
]

[[actions]]
id = "1.2"
recommendation = "1"
what = "Do the rest"
owner = "head"
due = "2017-12-31"

[[judgements]]
id = "leadership"
title = "Leadership"
grades = [{ on = "2017-06-13", grade = "requires_improvement", source = "Inspection" }]

[[meetings]]
on = "2017-06-14"
audience = "board"
data_to = "2017-04"

[[meetings]]
on = "2017-10-18"
audience = "board"
data_to = "2017-08"

[[decisions]]
id = "D1"
meeting = "2017-06-14"
what = "Raise the target"
owner = "head"
due = "2017-10-18"
done_on = "2017-10-18"

[[measures]]
id = "rhi_offered"
title = "Interviews offered to children"
owner = "head"
packs = ["board"]
"""


def load(folder: Path, text: str = PLAN) -> Plan:
    """The plan in a text, checked against three measures of the catalogue."""
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path, KNOWN)
