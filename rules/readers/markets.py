"""Markets: who notifies, which groups are named, and whose goods are named as affected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.market_names import Named, names_of
from rules.reading import NAMING_FIELDS, PROSE_FIELDS, Reading, TextField
from rules.ruleset import RuleSet
from watcher.later import later

RULE: Final = "reads:markets"
EVERYBODY: Final = "all"

#: Names looked at in a field; what names more says nothing by them.
_MOST: Final = 1000

#: A Member's code is two to four capitals as groups' keys are; the European Union is both a Member and a group.
_GROUPS: Final = frozenset(
    {"ASEAN", "CPTPP", "EAC", "EAEU", "ECOWAS", "EFTA", "GCC", "MERCOSUR", "RCEP", "USMCA", "BRI"}
)

_ALL: Final = later(
    r"(?<!\w)(?:all (?:\w+ )?(?:trading partners|exporting countries|countries of origin|third countries)"
    r"|all countries (?:that )?export\w*|(?:from|affecting|affects?|likely to be affected:?) all (?:other )?countries"
    r"|tous les (?:partenaires commerciaux|pays(?: tiers)? exportateurs|pays tiers)"
    r"|todos los (?:interlocutores|socios) comerciales|todos los paises(?: exportadores| terceros))(?!\w)"
    r"|所有(?:的)?(?:贸易伙伴|出口国|原产国|国家和地区|出口国家)|全部贸易伙伴|各贸易伙伴"
)
#: Words in front of a name that make its goods the subject; up to ten words may stand between.
_CUE: Final = later(
    r"(?:(?<!\w)(?:import\w*|originat\w*|produced|manufactured|grown|made|harvested|sourced|coming|consigned|shipped"
    r"|exported|exports?|dispatched|products?|goods|regionali[sz]ation|ban\w*|prohibit\w*|suspen\w*|restrict\w*"
    r"|anti dumping|origin)(?: [^ .;:]+){0,10}? (?:from|in|of)"
    r"|(?:countr(?:y|ies)|regions?|territor(?:y|ies)|members?)[^.;]{0,40}(?:likely to be )?(?:affected|concerned)"
    r"(?: [^ .;]+){0,3}?(?: ?:| are| is)"
    r"|specific (?:regions? or countr(?:y|ies)|countr(?:y|ies)|regions?) ?:"
    r"|(?:regions ou pays|pays) specifiques ?:|(?:regiones o paises|paises) especificos ?:"
    r"|(?:countr(?:y|ies)|place) of (?:origin|manufacture|production)(?: ?:| is| are)"
    r"|pays d'origine(?: ?:| est| sont)|lieu de fabrication ?:"
    r"|pais(?:es)? de (?:origen|fabricacion|procedencia)(?: ?:| es)"
    r"|pays (?:ou regions )?(?:susceptibles d'etre )?concernes? ?:|paises? (?:o regiones )?(?:que podrian verse )?"
    r"afectados? ?:"
    r"|(?<!\w)(?:importe\w*|importation\w*|originaires?|provenan\w*|en provenance|fabriques?|produits?|issus?)"
    r"(?: [^ .;:]+){0,10}? (?:de|du|des|de la|d'|de l'|en|au|aux)"
    r"|(?<!\w)(?:importad\w*|importacion\w*|originari\w*|procedentes?|provenientes?|fabricad\w*|producid\w*|elaborad\w*)"
    r"(?: [^ .;:]+){0,10}? (?:de|del|de la|de los|en|desde)) ?(?:the |la |las |los |el |le |les |l')?$"
    r"|(?:原产国|原产地|产地|生产国)(?:为|是)? ?[:：]? ?$"
    r"|(?:来自|产自|原产于|原产地为|从|自|源自|进口自|受影响的?(?:国家|地区|成员)[^。；]{0,8}[:：为是])(?:的)?$"
)
#: In a title or among the products, goods are from somewhere; letters and comments are too.
_FROM: Final = later(
    r"(?<!\w)(?<!comments )(?<!communication )(?<!letter )(?<!request )(?<!notification )(?<!questions )(?<!reply )"
    r"(?<!concerns )from (?:the )?$"
)
#: Words behind a name that do the same.
_BEHIND: Final = later(
    r"(?:的)?(?:进口|输入|输华|生产的|产的|原产|出口的|制造的|产品|货物)"
    r"|(?: |,)?(?:made|produced|grown) (?:goods|products)"
)
_JOINS: Final = later(
    r" ?(?:,|;|/|、|，|和|及|与|或|以及|,? and|,? or|,? et|,? ou|,? y|,? e|&)? ?"
    r"(?:from |in |of |the |de |du |des |d'|del |de la |la "
    r"|l'|les |los |las |and |et |y |来自|产自)*"
)
#: A box of the form that nobody ticked, before what it stands for.
_UNTICKED: Final = later(r"(?:\[ ?\]|\( ?\)|☐|□) ?$")
#: A market that goods go to, though a cue stands before it.
_TO: Final = later(r"(?:into|to|for|a|vers|hacia|al?|进入|出口到|销往|输往) (?:the )?$")


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: N802 - the folder finds it by this name
    """Notifying Members are stated; the others are named, as surely as the place says."""
    for code in dict.fromkeys(reading.facts.notifying_members):
        yield _finding(Facet.MARKET, code, "notifying_members", code, Grade.DIRECT)
    names = names_of(ruleset.vocabulary)
    for field in (*NAMING_FIELDS, *PROSE_FIELDS):
        if not getattr(reading.facts, field):
            continue
        yield from _everybody(reading, field)
        named = tuple(islice(names.find(reading.folded(field)), _MOST))
        yield from _groups(reading, field, named)
        yield from _affected(reading, field, named)


def _groups(reading: Reading, field: TextField, named: Iterable[Named]) -> Iterator[Finding]:
    """Groups of Members that a text speaks of; a group's standard speaks of the group."""
    for one in named:
        if one.code in _GROUPS and not reading.takes_back(field, one.start, one.end):
            quote = reading.quote(field, one.start, one.end)
            yield _finding(Facet.MARKET, one.code, field, quote, _grade(field, Grade.PROBABLE))


def _affected(reading: Reading, field: TextField, named: Iterable[Named]) -> Iterator[Finding]:
    """Members, or groups, whose goods the text names; a list goes on with the word that began it."""
    text = reading.folded(field).text
    own = set(reading.facts.notifying_members)
    until, counts = -1, False
    for one in named:
        goes_on = until >= 0 and _JOINS.fullmatch(text, until, one.start) is not None
        counts = ((goes_on and counts) or _cued(text, one, field)) and not one.title
        until = one.end
        if counts and one.code not in own and not reading.takes_back(field, one.start, one.end):
            quote = reading.quote(field, one.start, one.end)
            yield _finding(Facet.AFFECTED, one.code, field, quote, _grade(field, Grade.DIRECT))


def _cued(text: str, one: Named, field: TextField) -> bool:
    before = text[max(0, one.start - 110) : one.start]
    if _TO.search(before):
        return False
    return bool(
        _CUE.search(before) or _BEHIND.match(text, one.end) or (field in NAMING_FIELDS and _FROM.search(before))
    )


def _everybody(reading: Reading, field: TextField) -> Iterator[Finding]:
    for found in islice(_ALL.finditer(reading.folded(field).text), _MOST):
        unticked = _UNTICKED.search(reading.folded(field).text, max(0, found.start() - 4), found.start())
        if not unticked and not reading.takes_back(field, found.start(), found.end()):
            quote = reading.quote(field, found.start(), found.end())
            yield _finding(Facet.AFFECTED, EVERYBODY, field, quote, _grade(field, Grade.DIRECT))


def _grade(field: TextField, best: Grade) -> Grade:
    """As sure as may be where the subject is named, less in prose, least in a linked document."""
    if field in NAMING_FIELDS:
        return best
    return Grade.BROAD if field == "document_text" or best is Grade.PROBABLE else Grade.PROBABLE


def _finding(facet: Facet, value: str, field: str, quote: str, grade: Grade) -> Finding:
    evidence = Evidence(rule=RULE, field=field, quotes=(quote,), grade=grade)
    return Finding(facet=facet, value=value, grade=grade, evidence=(evidence,))
