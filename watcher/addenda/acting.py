"""Whose act it is: of a joint notification, one Member may adopt, publish or apply the text before the others do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

#: The Members that notify jointly, by the names they go by in English, Chinese, French and Spanish.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "BDI": ("Burundi", "布隆迪"),
    "COD": (
        "Democratic Republic of the Congo",
        "刚果民主共和国",
        "République démocratique du Congo",
        "República Democrática del Congo",
        "DR Congo",
        "Democratic Republic of Congo",
        "Congo, Democratic Republic of the",
        "Congo-Kinshasa",
        "刚果（金）",
        "民主刚果",
        "Zaire",
    ),
    "KEN": ("Kenya", "肯尼亚", "Kenia"),
    "RWA": ("Rwanda", "卢旺达", "Ruanda"),
    "SOM": ("Somalia", "索马里", "Somalie"),
    "SSD": ("South Sudan", "南苏丹", "Soudan du Sud", "Sudán del Sur"),
    "TZA": (
        "Tanzania",
        "坦桑尼亚",
        "Tanzanie",
        "Tanzanía",
        "United Republic of Tanzania",
        "Tanzania, United Republic of",
        "坦桑尼亚联合共和国",
    ),
    "UGA": ("Uganda", "乌干达", "Ouganda"),
    "ARE": (
        "United Arab Emirates",
        "阿拉伯联合酋长国",
        "Émirats arabes unis",
        "Emiratos Árabes Unidos",
        "阿联酋",
        "Emirats",
    ),
    "BHR": ("Bahrain, Kingdom of", "巴林", "Bahreïn", "Bahrein", "Bahrain", "Kingdom of Bahrain", "巴林王国", "Baréin"),
    "KWT": ("Kuwait, the State of", "科威特", "Koweït", "Kuwait", "State of Kuwait", "科威特国"),
    "OMN": ("Oman", "阿曼", "Omán", "Sultanate of Oman", "阿曼苏丹国"),
    "QAT": ("Qatar", "卡塔尔", "State of Qatar", "卡塔尔国", "Catar"),
    "SAU": (
        "Saudi Arabia, Kingdom of",
        "沙特阿拉伯",
        "Arabie saoudite",
        "Arabia Saudita",
        "Saudi Arabia",
        "Kingdom of Saudi Arabia",
        "沙特",
        "沙特阿拉伯王国",
        "沙乌地阿拉伯",
        "Arabia Saudí",
        "Royaume d'Arabie saoudite",
    ),
    "YEM": ("Yemen", "也门", "Yémen", "Republic of Yemen", "也门共和国"),
    "ARM": ("Armenia", "亚美尼亚", "Arménie"),
    "BLR": (
        "Belarus",
        "白俄罗斯",
        "Bélarus",
        "Belarús",
        "Republic of Belarus",
        "白俄罗斯共和国",
        "Biélorussie",
        "Bielorrusia",
    ),
    "KAZ": ("Kazakhstan", "哈萨克斯坦", "Kazajistán", "哈萨克斯坦共和国"),
    "KGZ": (
        "Kyrgyz Republic",
        "吉尔吉斯斯坦",
        "République kirghize",
        "República Kirguisa",
        "Kyrgyzstan",
        "吉尔吉斯",
        "吉尔吉斯共和国",
        "Kirghizstan",
        "Kirguistán",
    ),
    "RUS": (
        "Russian Federation",
        "俄罗斯",
        "Fédération de Russie",
        "Federación de Rusia",
        "Russia",
        "俄罗斯联邦",
        "俄联邦",
        "俄国",
        "Russie",
        "Rusia",
    ),
    "CRI": ("Costa Rica", "哥斯达黎加"),
    "SLV": ("El Salvador", "萨尔瓦多", "Salvador"),
    "GTM": ("Guatemala", "危地马拉"),
    "HND": ("Honduras", "洪都拉斯"),
    "NIC": ("Nicaragua", "尼加拉瓜"),
    "PAN": ("Panama", "巴拿马", "Panamá"),
    "ARG": ("Argentina", "阿根廷", "Argentine"),
    "BRA": ("Brazil", "巴西", "Brésil", "Brasil", "巴西联邦共和国"),
    "PRY": ("Paraguay", "巴拉圭"),
    "URY": ("Uruguay", "乌拉圭"),
    "BOL": (
        "Bolivia, Plurinational State of",
        "玻利维亚",
        "Bolivie",
        "Bolivia",
        "Plurinational State of Bolivia",
        "多民族玻利维亚国",
        "Estado Plurinacional de Bolivia",
    ),
    "COL": ("Colombia", "哥伦比亚", "Colombie"),
    "ECU": ("Ecuador", "厄瓜多尔", "Équateur"),
    "PER": ("Peru", "秘鲁", "Pérou", "Perú"),
    "BEL": ("Belgium", "比利时", "Belgique", "Bélgica"),
    "NLD": (
        "Netherlands",
        "荷兰",
        "Pays-Bas",
        "Países Bajos",
        "The Netherlands",
        "Holland",
        "Kingdom of the Netherlands",
        "荷兰王国",
    ),
    "LUX": ("Luxembourg", "卢森堡", "Luxemburgo"),
}
_WORD: Final = (
    r"(?!(?:at|in|on|during|meeting|council|community|conseil|communauté|consejo|comunidad|en|au|a)\b)[\w'’.-]+\s+"
)
_EN_DONE: Final = (
    r"(?:adopted|approved|published|gazetted|promulgated|ratified|enacted|issued|implemented|domesticated|signed)"
)
_FR_DONE: Final = r"(?:adopté|approuvé|publié|homologué|promulgué|ratifié|signé|transposé)e?s?"
_ES_DONE: Final = r"(?:adoptad|aprobad|publicad|promulgad|oficializad|ratificad|expedid|firmad)[oa]s?"
_ZH_DONE: Final = r"(?:采纳|采用|批准|通过|公布|发布|颁布|刊登|转化|实施|生效)"


def acting_members(words: str, members: Iterable[str]) -> frozenset[str]:
    """Those of a joint notification's Members who, by these words, did it on their own; empty: all, or nobody says.

    "was adopted by Uganda on ¤", "l'Ouganda a adopté", "fue aprobado por Uganda", "由乌干达采纳".
    """
    all_members = tuple(sorted(set(members)))
    if len(all_members) < 2 or (pattern := _pattern(all_members)) is None:
        return frozenset()
    named: set[str] = set()
    for hit in pattern.finditer(words):
        found = next(group for group in hit.groups() if group)
        named |= {code for code in all_members if any(_folded(name) in _folded(found) for name in _NAMES.get(code, ()))}
    return frozenset() if named >= set(all_members) else frozenset(named)


@lru_cache(maxsize=256)
def _pattern(members: tuple[str, ...]) -> re.Pattern[str] | None:
    names = sorted((name for code in members for name in _NAMES.get(code, ())), key=len, reverse=True)
    if not names:
        return None
    the = (
        r"(?:the\s+|la\s+|le\s+|l['’]|les\s+|el\s+|los\s+)?"
        r"(?:(?:United\s+)?Republi[ck]\s+of\s+|République\s+d\w*\s+|República\s+de\s+)?"
    )
    one = rf"{the}(?:{'|'.join(map(re.escape, names))})"
    several = rf"({one}(?:\s*(?:,|;|、|和|与|及|以及|\band\b|\bet\b|\by\b|&)\s*(?:(?:and|et|y)\s+)?{one})*)"
    return re.compile(
        rf"\b{_EN_DONE}\b(?:\s*(?:,|and)\s*{_EN_DONE})*[^,;.]{{0,60}}?\bby\s+(?:{_WORD}){{0,5}}?{several}(?!\w)"
        rf"|{several}\s+(?:(?:has|have|had|also|now|\w+ly)\s+){{0,3}}{_EN_DONE}\b"
        rf"|\b(?:{_EN_DONE}|force|effect|effective|mandatory)\s+(?:on\s+\S{{1,4}}\s+\w+\s+\d{{4}}\s+)?in\s+{several}(?!\w)"
        rf"|\b{_FR_DONE}\s+(?:[^,;.]{{0,40}}?\s)?par\s+(?:{_WORD}){{0,5}}?{several}(?!\w)|{several}\s+(?:a|ont)\s+(?:\w+ment\s+)?{_FR_DONE}"
        rf"|\ben\s+vigueur\s+(?:en|au|à)\s+{several}"
        rf"|\b{_ES_DONE}\s+(?:[^,;.]{{0,40}}?\s)?por\s+(?:{_WORD}){{0,5}}?{several}(?!\w)"
        rf"|{several}\s+(?:(?:ha|han)\s+\w+|(?:adoptó|aprobó|publicó|promulgó|oficializó))\b|\ben\s+(?:vigor|vigencia)\s+en\s+{several}"
        rf"|(?:由|被|经){several}[^,，。;；]{{0,25}}?{_ZH_DONE}|{several}(?!通|告|[^,，。;；]{{0,4}}通[报知])[^,，。;；]{{0,30}}?{_ZH_DONE}|在{several}{_ZH_DONE}",
        re.IGNORECASE,
    )


def _folded(text: str) -> str:
    return text.casefold()
