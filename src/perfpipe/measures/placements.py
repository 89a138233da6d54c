"""How many children are looked after at month end, and in which kind of placement (definitions 4.4, 4.5 and 4.9)."""

from __future__ import annotations

from functools import partial

from perfpipe.datasets.placement_codes import CONNECTED
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.measures.counts import count, rate, share
from perfpipe.measures.definition import Basis, Breakdown, Display, Measure, Period, Polarity
from perfpipe.measures.placement_groups import (
    CHILDRENS_HOMES,
    CLA,
    FOSTER,
    OWNER,
    PLACEMENT_GROUP,
    SERIES_BREAK,
    UNRELATED,
    children,
    in_supported,
    looked_after,
    placed_in,
    run_by_authority,
)
from perfpipe.measures.return_home_interviews import AREA

UNACCOMPANIED = Breakdown(
    "is_unaccompanied",
    "Unaccompanied or not",
    {"yes": "Unaccompanied asylum seeking", "no": "Others", "not_known": "Not known"},
)
RUN_BY = Breakdown(
    "run_by",
    "Own or external",
    {"own": "Run by the authority", "external": "Run by others", "not_known": "Not known"},
)
AT_MONTH_END = Basis(PLACEMENTS, rows=children)
_at_month_end = partial(Measure, basis=AT_MONTH_END, periods=(Period.MONTH_END,), owner=OWNER, left_out_by=())
_by_placement = partial(_at_month_end, left_out_by=("placement_code_unreadable",))
_by_provider = partial(_at_month_end, left_out_by=("placement_code_unreadable", "provider_unreadable"))

CHILDREN_LOOKED_AFTER = _at_month_end(
    id="children_looked_after",
    code="PL-01",
    title="Children looked after",
    counts=count(looked_after),
    shown=Display(Polarity.RANGE_IS_BEST, (AREA, UNACCOMPANIED)),
    why_it_matters="Neither high nor low is good in itself: a change has to be understood.",
    definition="Children with an open episode at the end of the month's last day; series of short breaks "
    "(V3, V4) are left out, unaccompanied children are included.",
    source=CLA,
)
CHILDREN_LOOKED_AFTER_RATE = _at_month_end(
    id="children_looked_after_rate",
    code="PL-01r",
    title="Children looked after per 10,000 children",
    counts=rate(looked_after),
    shown=Display(Polarity.RANGE_IS_BEST),
    why_it_matters="Authorities differ in size: the rate can be compared, the number cannot.",
    definition="Children looked after (PL-01) for every 10,000 children aged 0 to 17 who live in the authority.",
    source=CLA,
)
CHILDREN_BY_PLACEMENT_GROUP = _at_month_end(
    id="children_by_placement_group",
    code="PL-01g",
    title="Children looked after by placement group",
    counts=count(looked_after),
    shown=Display(Polarity.NEITHER, (PLACEMENT_GROUP,), same_total_as="children_looked_after"),
    why_it_matters="Where children live, and so what has to be found, checked and paid for.",
    definition="Children looked after at month end by the group of their placement; a temporary placement "
    f"counts as the one it interrupts. {SERIES_BREAK}",
    source=CLA,
)
UNACCOMPANIED_CHILDREN = _at_month_end(
    id="unaccompanied_children",
    code="PL-01u",
    title="Unaccompanied asylum seeking children looked after",
    basis=AT_MONTH_END.needing("unaccompanied"),
    counts=count(lambda rows: rows["unaccompanied"] == "Y"),
    left_out_by=("unaccompanied_unreadable",),
    shown=Display(Polarity.NEITHER),
    why_it_matters="They come for other reasons than other children, and are shown apart so that neither hides the "
    "other.",
    definition="Children looked after at month end (PL-01) whom the extract names as unaccompanied asylum seeking.",
    source=CLA,
)
IN_FOSTER_CARE = _by_placement(
    id="in_foster_care",
    code="PL-02",
    title="Children in foster care",
    counts=share(placed_in(*FOSTER), of=looked_after),
    shown=Display(Polarity.HIGHER_IS_BETTER, (AREA,), same_total_as="children_looked_after"),
    why_it_matters="Most children do best in a family.",
    definition="Of children looked after at month end, those placed with foster carers (U1 to U6), own, agency "
    "or connected.",
    source=CLA,
)
WITH_OWN_CARERS = _by_provider(
    id="with_own_carers",
    code="PL-03",
    title="Fostered children with the authority's own carers",
    counts=share(run_by_authority, of=placed_in(*UNRELATED)),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    why_it_matters="Own carers live nearer, are better known to the service and cost less than an agency's.",
    definition="Of children fostered at month end by carers who are not relatives or friends (U4 to U6), those with "
    "the authority's own carers (PR1). Connected carers are in neither number: PL-03c has them.",
    source=CLA,
)
WITH_OWN_OR_CONNECTED_CARERS = _by_provider(
    id="with_own_or_connected_carers",
    code="PL-03c",
    title="Fostered children with own or connected carers",
    counts=share(lambda rows: placed_in(*CONNECTED)(rows) | run_by_authority(rows), of=placed_in(*FOSTER)),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    why_it_matters="The share of fostering that needs no other provider, as members have known it.",
    definition="Of all children fostered at month end (U1 to U6), those with relatives or friends (U1 to U3, any "
    "provider) or with the authority's own carers (U4 to U6 with PR1).",
    source=CLA,
)
WITH_CONNECTED_CARERS = _by_placement(
    id="with_connected_carers",
    code="PL-04",
    title="Children with connected carers",
    counts=share(placed_in(*CONNECTED), of=looked_after),
    shown=Display(Polarity.NEITHER, same_total_as="children_looked_after"),
    why_it_matters="A family that the child knows already is the first choice where it is safe.",
    definition="Of children looked after at month end, those fostered by relatives or friends (U1 to U3).",
    source=CLA,
)
IN_CHILDRENS_HOMES = _by_placement(
    id="in_childrens_homes",
    code="PL-05",
    title="Children in children's homes",
    counts=share(placed_in(*CHILDRENS_HOMES), of=looked_after),
    shown=Display(Polarity.LOWER_IS_BETTER, (AREA,), same_total_as="children_looked_after"),
    why_it_matters="Residential care is right for some children; a rising share says families are not found.",
    definition="Of children looked after at month end, those in a children's home, secure ones included "
    "(K1, K2). Supported accommodation is not residential care here.",
    source=CLA,
)
CHILDREN_IN_CHILDRENS_HOMES = _by_placement(
    id="children_in_childrens_homes",
    code="PL-05n",
    title="Number of children in children's homes",
    counts=count(placed_in(*CHILDRENS_HOMES)),
    shown=Display(Polarity.LOWER_IS_BETTER, (RUN_BY,)),
    why_it_matters="Each place in a home costs several times one in a family, most of all in another provider's home.",
    definition="Children looked after at month end in a children's home (K1, K2), by whether the authority runs it "
    "itself (PR1) or others do (any other provider).",
    source=CLA,
)
IN_SUPPORTED_ACCOMMODATION = _by_placement(
    id="in_supported_accommodation",
    code="PL-06",
    title="Children in supported accommodation",
    counts=share(in_supported, of=looked_after),
    shown=Display(Polarity.NEITHER, same_total_as="children_looked_after"),
    why_it_matters="Young people living semi-independently need as much care as any other looked after child.",
    definition="Of children looked after at month end, those in semi-independent, independent (to 27 October "
    f"2023) or supported accommodation (H5, P2, K3). {SERIES_BREAK}",
    source=CLA,
)
CHILDREN_IN_SUPPORTED_ACCOMMODATION = _by_placement(
    id="children_in_supported_accommodation",
    code="PL-06n",
    title="Number of children in supported accommodation",
    counts=count(in_supported),
    shown=Display(Polarity.NEITHER),
    why_it_matters="How many young people live semi-independently, and so how many places must be visited.",
    definition="Children looked after at month end in semi-independent, independent (to 27 October 2023) or supported "
    f"accommodation (H5, P2, K3). {SERIES_BREAK}",
    source=CLA,
)

MEASURES = (
    CHILDREN_LOOKED_AFTER,
    CHILDREN_LOOKED_AFTER_RATE,
    UNACCOMPANIED_CHILDREN,
    CHILDREN_BY_PLACEMENT_GROUP,
    IN_FOSTER_CARE,
    WITH_OWN_CARERS,
    WITH_OWN_OR_CONNECTED_CARERS,
    WITH_CONNECTED_CARERS,
    IN_CHILDRENS_HOMES,
    CHILDREN_IN_CHILDRENS_HOMES,
    IN_SUPPORTED_ACCOMMODATION,
    CHILDREN_IN_SUPPORTED_ACCOMMODATION,
)
