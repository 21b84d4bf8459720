"""Markets by region, for a picture of all of them. Where a market is put says where people look for it, no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_REGIONS: Final = {
    "east-asia": "CHN HKG MAC TPKM JPN KOR MNG BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM",
    "south-asia": "AFG BGD BTN IND LKA MDV NPL PAK KAZ KGZ TJK TKM UZB",
    "middle-east": "ARE BHR IRN IRQ ISR JOR KWT LBN OMN QAT SAU SYR YEM",
    "europe": "EU ALB AND ARM AUT AZE BEL BGR BIH BLR CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GEO GRC HRV HUN IRL ISL "
    "ITA LIE LTU LUX LVA MDA MKD MLT MNE NLD NOR POL PRT ROU RUS SRB SVK SVN SWE TUR UKR VAT",
    "americas": "USA CAN MEX ARG ATG BHS BLZ BOL BRA BRB CHL COL CRI CUB CUW DMA DOM ECU GRD GTM GUY HND HTI JAM KNA "
    "LCA NIC PAN PER PRY SLV SUR TTO URY VCT VEN",
    "africa": "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO "
    "MAR MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE",
    "oceania": "AUS NZL FJI PNG SLB TON VUT WSM",
}
REGIONS: Final = {name: tuple(codes.split()) for name, codes in _REGIONS.items()}


def regions_of(codes: Iterable[str]) -> list[tuple[str, list[str]]]:
    """These markets by region, in the order of the regions; what is in none is left out."""
    known = set(codes)
    return [(name, [code for code in those if code in known]) for name, those in REGIONS.items()]
