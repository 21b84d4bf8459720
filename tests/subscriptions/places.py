"""A few markets, enough for groups, the Union and its member states."""

from __future__ import annotations

from rules.facets import load_facets
from subscriptions.choices import Choices
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


def choices() -> Choices:
    """A few kinds, schemes and duties."""
    return Choices(
        facets=load_facets(
            {
                "kind": {
                    "labelling": {"en": "Labelling", "zh": "标签", "fr": "Étiquetage", "es": "Etiquetado"},
                    "recall": {"en": "Recall or safety alert", "zh": "召回或安全警报"},
                },
                "scheme": {
                    "ce": {"names": {"en": "CE marking", "zh": "CE标志"}, "markets": ["EU"]},
                    "kc": {"en": "KC mark", "zh": "KC标志", "es": "Marca KC"},
                    "kcs": {"en": "KCs mark", "zh": "KCs标志"},
                    "bis": {"en": "BIS certification (ISI mark)", "zh": "印度标准局认证"},
                },
                "duty": {
                    "factory-inspection": {"en": "Factory inspection", "zh": "工厂检查", "fr": "Inspection d'usine"},
                    "third-party-certification": {"en": "Third-party certification", "zh": "第三方认证"},
                },
            }
        )
    )
