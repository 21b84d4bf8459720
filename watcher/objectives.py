"""What a measure is for: the objectives of the WTO's forms, and the many ways in which they are worded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

#: Key -> name per language. English as in ePing, French and Spanish as in the WTO's forms, Chinese as in official use.
OBJECTIVES: Final[Mapping[str, Mapping[str, str]]] = {
    "human_health": {
        "en": "Protection of human health or safety",
        "zh": "保护人类健康或安全",
        "fr": "Protection de la santé ou de la sécurité des personnes",
        "es": "Protección de la salud o seguridad humanas",
    },
    "animal_plant_health": {
        "en": "Protection of animal or plant life or health",
        "zh": "保护动物或植物的生命或健康",
        "fr": "Protection de la vie ou de la santé des animaux ou préservation des végétaux",
        "es": "Protección de la vida o la salud de los animales o preservación de los vegetales",
    },
    "environment": {
        "en": "Protection of the environment",
        "zh": "保护环境",
        "fr": "Protection de l'environnement",
        "es": "Protección del medio ambiente",
    },
    "consumer_information": {
        "en": "Consumer information, labelling",
        "zh": "消费者信息、标签",
        "fr": "Information des consommateurs, étiquetage",
        "es": "Información al consumidor, etiquetado",
    },
    "consumer_protection": {
        "en": "Prevention of deceptive practices and consumer protection",
        "zh": "防止欺诈行为和保护消费者",
        "fr": "Prévention de pratiques de nature à induire en erreur et protection des consommateurs",
        "es": "Prevención de prácticas que puedan inducir a error y protección de los consumidores",
    },
    "quality": {
        "en": "Quality requirements",
        "zh": "质量要求",
        "fr": "Exigences en matière de qualité",
        "es": "Prescripciones en materia de calidad",
    },
    "harmonization": {
        "en": "Harmonization",
        "zh": "协调一致",
        "fr": "Harmonisation",
        "es": "Armonización",
    },
    "trade_facilitation": {
        "en": "Reducing trade barriers and facilitating trade",
        "zh": "减少贸易壁垒和促进贸易",
        "fr": "Réduction des obstacles au commerce et facilitation des échanges",
        "es": "Reducción de los obstáculos al comercio y facilitación del comercio",
    },
    "cost_saving": {
        "en": "Cost saving and productivity enhancement",
        "zh": "节约成本和提高生产力",
        "fr": "Réduction des coûts et amélioration de la productivité",
        "es": "Ahorro de costos y aumento de la productividad",
    },
    "national_security": {
        "en": "National security requirements",
        "zh": "国家安全要求",
        "fr": "Exigences de la sécurité nationale",
        "es": "Imperativos de la seguridad nacional",
    },
    "food_safety": {
        "en": "Food safety",
        "zh": "食品安全",
        "fr": "Innocuité des produits alimentaires",
        "es": "Inocuidad de los alimentos",
    },
    "animal_health": {
        "en": "Animal health",
        "zh": "动物健康",
        "fr": "Santé des animaux",
        "es": "Sanidad animal",
    },
    "plant_protection": {
        "en": "Plant protection",
        "zh": "植物保护",
        "fr": "Préservation des végétaux",
        "es": "Preservación de los vegetales",
    },
    "humans_from_pests": {
        "en": "Protect humans from animal/plant pest or disease",
        "zh": "保护人类免受动植物有害生物的危害",
        "fr": "Protection des personnes contre les maladies ou les parasites des animaux/des plantes",
        "es": "Protección de la salud humana contra las enfermedades o plagas animales o vegetales",
    },
    "territory_from_pests": {
        "en": "Protect territory from other damage from pests",
        "zh": "保护国家免受有害生物的其它危害",
        "fr": "Protection du territoire contre d'autres dommages attribuables à des parasites",
        "es": "Protección del territorio contra otros daños causados por plagas",
    },
    "other": {"en": "Other", "zh": "其他", "fr": "Autre", "es": "Otro"},
}

_SAYS_NOTHING = (
    "not specified|none|n/a|na|not applicable|no especificado|non specifie|未指明|未说明|未注明|无|不适用|-|--"
)
_SAYS_OTHER = "other|others|autre|autres|otro|otros|otra|其他|其它"
_NOTHING: Final = frozenset(_SAYS_NOTHING.split("|"))
_OTHER: Final = frozenset(_SAYS_OTHER.split("|"))

# All patterns read text that is folded: NFKC, lower case, accents gone. English, Spanish, French, Vietnamese, Chinese.

#: What only goes on with a sentence before it: "hereinafter called appliances".
_TAIL: Final = re.compile(
    r"[(（\"“]?\s*(?:以下(?:统)?(?:简)?称|下(?:文)?(?:简)?称|简称|(?:here(?:in)?after|hereinafter)\b|referred to as\b"
    r"|(?:and )?so on\b|etc\b|en (?:lo sucesivo|adelante)\b|denominad[oa]s?\b|ci-apres\b|(?:ci-)?denommee?s?\b|等等?$)"
)

#: First what must be named together. Its words are then taken out, so that "animal health" does not count as
#: people's, nor a "misleading label" as information.
_NAMED_TOGETHER: Final = (
    (
        "humans_from_pests",
        r"humans? from (?:animal|plant)",
        r"humana contra las (?:enfermedades|plagas)",
        r"personnes contre les (?:maladies|parasites)",
        r"人[类体]免[受于]动?植?物?.{0,6}(?:有害生物|病虫害|疾病)",
    ),
    (
        "territory_from_pests",
        r"territory from",
        r"territorio contra",
        r"protection du territoire",
        r"(?:国家|领土|国土)免[受于].{0,4}有害生物",
    ),
    (
        "national_security",
        r"national(?:e|es)? (?:security|defen[cs]e)",
        r"seguridad nacional",
        r"securite nationale",
        r"国家安全|国防安全",
    ),
    (
        "food_safety",
        r"food safety|safety of foods?(?:stuffs?)?",
        r"inocuidad",
        r"innocuite des|securite (?:sanitaire )?des aliments",
        r"食品安全",
    ),
    (
        "animal_plant_health",
        r"(?:animal|plant)s?\W+(?:(?:or|and|and/or)\W+)?(?:plant|animal)s?\b(?:\W+(?:life|lives|health|safety|or|and)\b)*",
        r"(?:vida|salud|sanidad)[^.;,]{0,30}animales[^.;]{0,40}vegetales|anim\w+ [yo] vegetal\w*",
        r"(?:vie|sante)[^.;,]{0,30}animaux[^.;]{0,40}vegetaux|animaux (?:et|ou) (?:les |des )?vegetaux",
        r"(?:动物?[或和及与、/,]?(?:者)?植物|动植物|植物[或和及与、/]动物)的?(?:(?:生命|健康|安全|卫生|保护|生存)[或和及与、/]*)*",
    ),
    (
        "animal_plant_health",
        r"(?:animal|plant)s?'? (?:life|health|welfare|safety)(?: (?:or|and) (?:health|life|safety))*",
        r"sanidad (?:animal|vegetal)",
        r"[动植]物的?(?:生命|健康|安全|福利|保护)",
    ),
    (
        "consumer_protection",
        r"(?:mislead\w*|decepti\w+|false|fraudulent)(?: or \w+)? (?:label\w*|advertis\w*)",
        r"(?:误导|虚假|欺骗)性?的?(?:广告|宣传|标签|标识|标志)(?:[或和及、](?:广告|宣传|标签|标识))*",
    ),
)
#: Then each of these that occurs.
_NAMED: Final = (
    (
        "human_health",
        r"\b(?:health|safety)\b(?! (?:authorit|ministr|department))|\bhuman (?:life|lives|being)s?\b",
        r"\bhumans?\b(?=\W*(?:$|[,;]))",  # what is left of "human, animal or plant life"
        r"\b(?:public|people|person|consumer|worker|child\w*)s?\b[^.;,]{0,30}\b(?:life|lives)\b",
        r"\b(?:salud|seguridad|sante|securite|suc khoe|an toan)\b",
        r"健康|安全|卫生|生命|人[类身体](?!工)|公众",
    ),
    (
        "environment",
        r"\benvironment(?:al|ally)?\b|\bpollution\b|\becological\b",
        r"\bmedio ?ambiente\b|\bambiental(?:es)?\b|\benvironnement\w*|\bmoi truong\b",
        r"环境|环保|生态|污染",
    ),
    (
        "consumer_information",
        r"\bconsumer information\b|\blabell?ing\b|\blabels?\b",
        r"\binform(?:ation|ing|ed)?\b[^.;,]{0,20}\bconsumers?\b|\bconsumers?\b[^.;,]{0,20}\binform",
        r"\betiquet\w+|\brotulad\w+|\binformacion (?:al|del|de los|para el|a los) consumidor\w*",
        r"\binformation des consommateurs\b|\bthong tin cho nguoi tieu dung\b|\bghi nhan\b",
        r"(?:消费者|用户|使用者|公众).{0,8}信息|信息.{0,4}(?:消费者|用户)|标签|标识(?!码)",
    ),
    (
        "consumer_protection",
        r"\bdecepti\w+|\bdeceiv\w+|\bmislead\w*|\bfraud\w*|\bcounterfeit\w*|\bconsumer'?s?'? protection\b",
        r"\bprotect\w*(?: of)?(?: the)?(?: \w+)? (?:consumers?|users)\b(?!'? (?:health|safety|life))",
        r"\binducir a error\b|\bengan\w+|\bproteccion (?:al|del|de los) consumidor\w*",
        r"\binduire en erreur\b|\btromp\w+|\bprotection des consommateurs\b|\bbao ve nguoi tieu dung\b",
        r"欺诈|欺骗|欺瞒|误导|误解|假冒|虚假|伪劣|消费者(?:的?(?:利益|权益))?的?保护|消费者的?(?:利益|权益)",
        r"保护.{0,6}消费者(?!的?(?:健康|安全|生命))",
    ),
    (
        "quality",
        r"\bquality\b(?! (?:management|mark))|\bcalidad\b|\bqualite\b|\bchat luong\b|质量|品质",
    ),
    (
        "harmonization",
        r"\bh?armoni[sz]\w*|\bhai hoa\b|协调|取得一致|保持一致|相?一致(?!性)|统一",
    ),
    (
        "trade_facilitation",
        r"\btrade barriers?\b|\bbarriers? to trade\b|\btrade facilitation\b",
        r"\bfacilitat\w+ (?:of )?(?:international )?trade\b|\btechnical barriers\b",
        r"\bobstaculos? (?:\w+ )?al comercio\b|\bfacilitacion del comercio\b",
        r"\bobstacles (?:\w+ )?au commerce\b|\bfacilitation des echanges\b",
        r"贸易壁垒|贸易障碍|贸易便利|(?:促进|便利|方便).{0,4}贸易",
    ),
    (
        "cost_saving",
        r"\bcosts?[ -]saving|\bsavings? (?:of|in) costs?\b|\bcost reduction\b|\bproductivity\b",
        r"\bahorro de (?:costos|costes)\b|\bproductividad\b|\breduction des couts\b|\bproductivite\b",
        r"成本|生产率|生产力|生产效率|产能",
    ),
)
_COMPILED_TOGETHER: Final = tuple((key, re.compile("|".join(patterns))) for key, *patterns in _NAMED_TOGETHER)
_COMPILED: Final = tuple((key, re.compile("|".join(patterns))) for key, *patterns in _NAMED)

_DOMAIN: Final = re.compile(r"\s*[(\[]\s*(?:tbt|sps)\s*[)\]]\s*")
_TRADITIONAL: Final = str.maketrans(
    "環護費訊標籤質動協調統貿壘類體産産產術國衛", "环护费讯标签质动协调统贸垒类体产产产术国卫"
)


def read_objectives(values: Iterable[str] | str) -> tuple[str, ...]:
    """Keys of `OBJECTIVES`, in their order there, for all that the wordings name; then the wordings in which none is.

    A value may hold several, joined by semicolons, and free prose. "Not specified" says nothing and gives nothing.
    """
    keys: set[str] = set()
    unread: dict[str, None] = {}
    for value in [values] if isinstance(values, str) else values:
        for part in re.split(r"[;；\n]", value or ""):
            wording = part.strip().strip("。.").strip()
            folded = _fold(wording)
            if not folded or folded in _NOTHING or _TAIL.match(folded):
                continue
            found = _read(folded)
            keys |= found
            if not found:
                unread[wording] = None
    return tuple(key for key in OBJECTIVES if key in keys) + tuple(unread)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("’", "'").replace("đ", "d")
    return " ".join(_DOMAIN.sub(" ", bare.translate(_TRADITIONAL)).split())


_NAMES: Final = {_fold(name): key for key, names in OBJECTIVES.items() for name in names.values()}


def _read(folded: str) -> set[str]:
    if folded in _NAMES:
        return {_NAMES[folded]}
    if folded in _OTHER:
        return {"other"}
    keys = set()
    rest = folded
    for key, pattern in _COMPILED_TOGETHER:
        cut = pattern.sub(" ", rest)
        if cut != rest:
            keys.add(key)
            rest = cut
    return keys | {key for key, pattern in _COMPILED if pattern.search(rest)}
