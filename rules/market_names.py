"""Names of Members and groups in folded texts, with their false friends left out.

A name may be a bird, a nut, a town or part of another name: turkey meat, Brazil nuts, Georgia (USA), New Mexico, the
Indian Standard, 内蒙古, 大马力. What stands here is what was met; a name in small letters is no name of a Member.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Final, NamedTuple

from rules.terms import Folded, Terms
from rules.vocabulary import Vocabulary
from watcher.later import later

#: Phrases inside which a name counts for nothing, folded.
_NOT_INSIDE: Final = (
    *("new mexico", "gulf of mexico", "latin america", "south america", "central america", "north american"),
    *("america latina", "america del sur", "amerique latine", "amerique du sud", "amerique centrale", "centroamerica"),
    *("guinea pig", "guinea fowl", "guinea grass", "guinea corn", "papua new guinea", "new guinea", "guinea worm"),
    *("turkey meat", "turkey breast", "turkey poult", "turkey egg", "turkey hen", "turkey carcass", "turkey leg"),
    *("brazil nut", "panama hat", "panama disease", "peru balsam", "balsam of peru", "baume du perou", "india ink"),
    *(
        "canada goose",
        "canada balsam",
        "canada geese",
        "norway lobster",
        "norway spruce",
        "norway rat",
        "jamaica pepper",
    ),
    *("flor de jamaica", "agua de jamaica", "bone china", "china clay", "china ware", "fine china", "china grass"),
    *("china wood oil", "niger seed", "niger delta", "chile pepper", "chile powder", "chili sauce", "chili pepper"),
    *("chili powder", "morocco leather", "malta cross", "maltese cross", "japan wax", "japan tung", "south georgia"),
    *("state of georgia", "georgia institute", "georgia (usa", "atlanta, georgia", "jordan almond", "michael jordan"),
    *("cuba libre", "us dollar", "us cents", "us ton", "us gallon", "hong kong dollar", "south sudan", "ireland moss"),
    *("northern ireland", "new south wales", "east timor", "guayana", "north macedonia", "equatorial guinea"),
    *("american samoa", "british columbia", "swiss cheese", "eac mark", "eac marking", "eac logo", "eac conformity"),
    *("eac certificate", "eac declaration", "single eac", "marquage eac", "marcado eac", "marca eac", "gso mark"),
    *("indian ocean", "colombia university", "congo red", "rojo congo", "rouge congo", "trinidad moruga"),
    *(
        "内蒙古",
        "外蒙古",
        "大马力",
        "大马哈",
        "大马士革",
        "黑山羊",
        "黑山猪",
        "新墨西哥",
        "墨西哥湾",
        "马里兰",
        "马里亚纳",
    ),
    *(
        "日本脑炎",
        "日本乙型脑炎",
        "日本血吸虫",
        "日本对虾",
        "日本金龟",
        "日本落叶松",
        "德国小蠊",
        "德国牧羊",
        "荷兰豆",
        "荷兰芹",
    ),
    *(
        "荷兰石竹",
        "秘鲁香",
        "智利硝石",
        "印度洋",
        "印度墨",
        "新几内亚",
        "赤道几内亚",
        "几内亚比绍",
        "巴西坚果",
        "巴西果",
        "巴西棕榈",
    ),
    *(
        "土耳其烤",
        "墨西哥玉米饼",
        "韩国泡菜",
        "拉丁美洲",
        "中美洲",
        "南美洲",
        "北美洲",
        "中国台北",
        "中国香港",
        "中国澳门",
    ),
    *("eac标志", "eac认证", "eac 认证", "eac符合性"),
)
#: What makes an authority, a standard, a paper or a language of a name in front of it.
_TITLE_BEHIND: Final = later(
    r"(?:'s)? ?(?:national |official |state |federal |industrial )?(?:standards?|pharmacop\w+|bureau|ministry|agency"
    r"|authority|institute|administration|department|food and drug|customs tariff|gazette|dollars?|specification"
    r"|certification body|\(usa|customs union|act|code|law|journal|norm[ae]?)(?!\w)"
    r"|(?:国家|工业|农业)?(?:标准|药典|海关|法典|卫生部|农业部|政府|机构|局|协会|公报|法律)"
)
#: And in front of it.
_TITLE_BEFORE: Final = later(
    r"(?:standards?|bureau|ministry|agency|authority|institute|administration|department|pharmacop\w+|government|bank"
    r"|university|gazette|laws?|norm[ae]s?|republic|standards institution|parliament|president|kingdom|state|council"
    r"|ministerio|ministere|instituto|institut|gobierno|gouvernement|agencia|republica|republique|conseil|parlement"
    r"|diario oficial|journal officiel) (?:of|de|del|de la|du|des|de l')? ?(?:the )?(?:\w+ of )?$"
)


class Named(NamedTuple):
    """A Member or group named in a folded text."""

    start: int
    end: int
    code: str
    title: bool  #: it is part of an authority's or a standard's name


class MarketNames:
    """Finds the names that a vocabulary knows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Index every name and every false friend."""
        self._terms = Terms(_pairs(vocabulary))

    def find(self, folded: Folded) -> Iterator[Named]:
        """The names in the order of the text, the longest where they overlap."""
        spans = self._terms.spans(folded)
        reached = 0
        for start, end, code in sorted(spans, key=lambda span: (span[0], -span[1], str(span[2]))):
            if start < reached:
                continue
            begin, stop = folded.span(start, end)
            quote = folded.original[begin:stop]
            if code and not _written_as_a_name(quote, folded.original[max(0, begin - 40) : stop + 40]):
                continue
            reached = end
            if isinstance(code, str) and code:
                yield Named(start, end, code, _in_a_title(folded.text, start, end))


def _pairs(vocabulary: Vocabulary) -> Iterator[tuple[Hashable, str]]:
    for code, names in vocabulary.markets.items():
        for name in names:
            if len(name) > 1:
                yield code, name
            # "Korea, Republic of" is a heading of a list; texts say it otherwise.
            if ", " in name:
                first, behind = name.split(", ", 1)
                yield code, f"{behind.removeprefix('the ')} {first}"
    for code, name in _SHORT:
        if code in vocabulary.markets:
            yield code, name
    for phrase in _NOT_INSIDE:
        yield "", phrase


#: Plain forms that the lists of Members do not have as names of their own.
_SHORT: Final = (
    *(("KOR", "South Korea"), ("KOR", "Korea"), ("KOR", "Corea"), ("KOR", "Corée"), ("SAU", "Saudi Arabia")),
    *(("SAU", "沙特"), ("BHR", "Bahrain"), ("KWT", "Kuwait"), ("BOL", "Bolivia"), ("VEN", "Venezuela")),
    *(("HKG", "Hong Kong"), ("MAC", "Macao"), ("MDA", "Moldova"), ("IRN", "Iran"), ("TZA", "Tanzania")),
)


def _written_as_a_name(quote: str, around: str) -> bool:
    """Whether it has a capital where its script has them; short abbreviations must be all capitals among small ones."""
    first = quote[0]
    if first.lower() == first.upper():
        return True  # no capitals in this script
    if not first.isupper():
        return False
    letters = [letter for letter in quote if letter.isalpha()]
    if len(letters) > 4 and len(quote.split()) == 1 and quote.isupper():
        return True
    if len(letters) <= 3:
        return all(letter.isupper() for letter in letters) and any(letter.islower() for letter in around)
    return True


def _in_a_title(text: str, start: int, end: int) -> bool:
    return bool(_TITLE_BEHIND.match(text, end) or _TITLE_BEFORE.search(text[max(0, start - 60) : start]))


_known: dict[str, MarketNames] = {}


def names_of(vocabulary: Vocabulary) -> MarketNames:
    """The names of a vocabulary, indexed once for as long as it is in use."""
    found = _known.get(vocabulary.fingerprint)
    if found is None:
        if len(_known) >= 8:
            _known.clear()
        found = _known[vocabulary.fingerprint] = MarketNames(vocabulary)
    return found
