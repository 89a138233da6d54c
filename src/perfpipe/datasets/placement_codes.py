"""The national code lists of a placement, dated (definitions 4.2). They are those of the SSDA903 return."""

from __future__ import annotations

from datetime import date

from perfpipe.datasets.definition import Code, CodeList

_SUPPORTED_FROM, _LIST_2025 = date(2023, 10, 28), date(2025, 4, 1)

LEGAL_STATUS = CodeList(
    "legal_status",
    (
        Code("C1", "Interim care order"),
        Code("C2", "Full care order"),
        Code("D1", "Freeing order"),
        Code("E1", "Placement order"),
        Code("V2", "Single period of accommodation under section 20"),
        Code("V3", "Series of short breaks, individual episodes recorded"),
        Code("V4", "Series of short breaks, agreement recorded"),
        Code("J1", "Remanded to accommodation"),
        Code("J2", "Detained under PACE"),
        Code("J3", "Youth rehabilitation order with residence requirement"),
        Code("L1", "Police protection"),
        Code("L2", "Emergency protection order"),
        Code("L3", "Child assessment order"),
    ),
)
SHORT_BREAKS = ("V3", "V4")
CONNECTED = ("U1", "U2", "U3")
PLACEMENT = CodeList(
    "placement",
    (
        Code("U1", "Foster placement with relative or friend: long term"),
        Code("U2", "Foster placement with relative or friend: FFA or concurrent"),
        Code("U3", "Foster placement with relative or friend: neither"),
        Code("U4", "Foster placement: long term"),
        Code("U5", "Foster placement: FFA or concurrent"),
        Code("U6", "Foster placement: neither"),
        Code("A3", "Placed for adoption with consent, current foster carer"),
        Code("A4", "Placed for adoption with consent, not current foster carer"),
        Code("A5", "Placed for adoption with placement order, current foster carer"),
        Code("A6", "Placed for adoption with placement order, not current foster carer"),
        Code("K1", "Secure children's home"),
        Code("K2", "Children's home"),
        Code("K3", "Supported accommodation (registered)", valid_from=_SUPPORTED_FROM),
        Code("H5", "Semi-independent accommodation", valid_to=date(2025, 3, 31)),
        Code("P1", "With own parents"),
        Code("P2", "Independent living", valid_to=date(2023, 10, 27)),
        Code("P3", "Residential employment"),
        Code("R1", "Residential care home"),
        Code("R2", "NHS or other nursing"),
        Code("R3", "Family centre or mother and baby unit"),
        Code("R5", "Young offender institution"),
        Code("S1", "Residential school"),
        Code("T0", "Any temporary move"),
        Code("T1", "Temporary: hospital"),
        Code("T2", "Temporary: child on holiday"),
        Code("T3", "Temporary: carer on holiday"),
        Code("T4", "Temporary: seven days or less, other reason"),
        Code("Z1", "Other", valid_to=date(2025, 3, 31)),
        Code("Z11", "Other (Z11)", valid_from=_LIST_2025),
        Code("Z12", "Other (Z12)", valid_from=_LIST_2025),
        Code("Z13", "Other (Z13)", valid_from=_LIST_2025),
        Code("Z14", "Other (Z14)", valid_from=_LIST_2025),
    ),
)
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
PROVIDER = CodeList(
    "provider",
    (
        Code("PR0", "Parents"),
        Code("PR1", "Own provision"),
        Code("PR2", "Other local authority"),
        Code("PR3", "Other public provision"),
        Code("PR4", "Private provision"),
        Code("PR5", "Voluntary or third sector provision"),
    ),
)
NEW_EPISODE_REASON = CodeList(
    "new_episode_reason",
    (
        Code("S", "Started to be looked after"),
        Code("L", "Change of legal status only"),
        Code("P", "Change of placement and carer"),
        Code("T", "Change of placement, same carer"),
        Code("B", "Change of legal status, placement and carer"),
        Code("U", "Change of legal status and placement, same carer"),
    ),
)
LOCATION = CodeList(
    "location",
    (Code("IN", "Inside the authority's boundary"), Code("OUT", "Outside the authority's boundary")),
)
NEED = CodeList(
    "need",
    (
        Code("N1", "Abuse or neglect"),
        Code("N2", "Child's disability"),
        Code("N3", "Parental illness or disability"),
        Code("N4", "Family in acute stress"),
        Code("N5", "Family dysfunction"),
        Code("N6", "Socially unacceptable behaviour"),
        Code("N7", "Low income"),
        Code("N8", "Absent parenting"),
    ),
)
_2018 = date(2018, 4, 1)
CONTINUES = "X1"
CEASE_REASON = CodeList(
    "cease_reason",
    (
        Code("X1", "Episode ceases, and a new episode begins on the same day"),
        Code("E11", "Adopted, application unopposed"),
        Code("E12", "Adopted, consent dispensed with"),
        Code("E2", "Died"),
        Code("E3", "Care taken over by another local authority"),
        Code("E4A", "Returned home, planned"),
        Code("E4B", "Returned home, unplanned"),
        Code("E13", "Left to live with parents or others without parental responsibility"),
        Code("E41", "Child arrangements order"),
        Code("E43", "Special guardianship, former foster carers", valid_to=date(2018, 3, 31)),
        Code("E44", "Special guardianship, other carers", valid_to=date(2018, 3, 31)),
        Code("E45", "Special guardianship, relatives or friends who were foster carers", valid_from=_2018),
        Code("E46", "Special guardianship, other foster carers", valid_from=_2018),
        Code("E47", "Special guardianship, relatives or friends who were not foster carers", valid_from=_2018),
        Code("E48", "Special guardianship, others", valid_from=_2018),
        Code("E5", "Independent living with support"),
        Code("E6", "Independent living without support"),
        Code("E7", "Transferred to adult services"),
        Code("E8", "Any other reason"),
        Code("E9", "Sentenced to custody"),
        Code("E14", "Accommodation on remand ended"),
        Code("E15", "Age assessment found to be 18 or over"),
        Code("E16", "Moved abroad"),
        Code("E17", "Aged 18 or over and stayed with carers"),
    ),
)
CHANGE_REASON = CodeList(
    "change_reason",
    (
        Code("CARPL", "Change to, or implementation of, the care plan"),
        Code("CLOSE", "Resignation of the carer or closure of the provision"),
        Code("ALLEG", "Allegation (section 47)"),
        Code("STAND", "Standards of care concern"),
        Code("APPRR", "Approval removed"),
        Code("CREQB", "Carer requests an end because of the child's behaviour"),
        Code("CREQO", "Carer requests an end for another reason"),
        Code("CHILD", "Child requests an end"),
        Code("LAREQ", "Responsible or area authority requests an end"),
        Code("PLACE", "Change in the status of the placement only"),
        Code("CUSTOD", "Custody arrangement", valid_from=_2018),
        Code("OTHER", "Other"),
    ),
)
