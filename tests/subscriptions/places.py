"""A few markets, enough for groups, the Union and its member states."""

from __future__ import annotations

from watcher.markets import Group, Markets, Member

NAMES = {
    "KEN": ("Kenya", "肯尼亚"),
    "UGA": ("Uganda", "乌干达"),
    "TZA": ("Tanzania", "坦桑尼亚"),
    "EU": ("European Union", "欧盟"),
    "DEU": ("Germany", "德国"),
    "FRA": ("France", "法国"),
    "ARE": ("United Arab Emirates", "阿联酋"),
    "SAU": ("Saudi Arabia", "沙特阿拉伯"),
    "CHN": ("China", "中国"),
    "VNM": ("Viet Nam", "越南"),
}


def places(*, eac_has_vietnam: bool = False) -> Markets:
    """Ten Members and two groups; one of the groups may change, as an operator's own do."""
    return Markets(
        (
            Member(code=code, names={"en": english, "zh": chinese}, eu_member_state=code in ("DEU", "FRA"))
            for code, (english, chinese) in NAMES.items()
        ),
        (
            Group(
                key="EAC",
                names={"en": "East African Community", "zh": "东非共同体"},
                members=("KEN", "UGA", "TZA", *(("VNM",) if eac_has_vietnam else ())),
            ),
            Group(key="GCC", names={"en": "Gulf Cooperation Council", "zh": "海合会"}, members=("ARE", "SAU")),
        ),
    )
