"""The words in which the world writes dates: units, numbers, events, and the ways to say that there is none.

All Latin entries are folded as `watcher.dates.fold.fold` folds text: lower case, without accents. Chinese entries are
in simplified characters; the fold maps the traditional ones. The months are in `watcher.dates.months`.
"""

from __future__ import annotations

from typing import TypeVar

from watcher.dates import Anchor

_T = TypeVar("_T")


def _all(words: str, meaning: _T) -> dict[str, _T]:
    """Each of `words` with one meaning."""
    return dict.fromkeys(words.split(), meaning)


def _any(*patterns: str) -> str:
    """A pattern for what any of `patterns` matches; one line a language."""
    return "|".join(patterns)


#: The first month of a season, as the northern half of the world counts and as notifications from it mean it.
SEASONS = {
    **dict.fromkeys(("spring", "printemps", "primavera", "xuan", "春"), 3),
    **dict.fromkeys(("summer", "ete", "verano", "verao", "he", "ha", "夏"), 6),
    **dict.fromkeys(("autumn", "fall", "automne", "otono", "outono", "thu", "秋"), 9),
    **dict.fromkeys(("winter", "hiver", "invierno", "inverno", "dong", "冬"), 12),
}

ORDINALS = {
    **_all("1 1st 1o 1.o 1a 1er 1.er 1ere 1re first primer primero primera primeiro primeira premier premiere i", 1),
    **_all("2 2nd 2o 2.o 2a 2.a 2do 2e 2eme 2nde second segundo segunda deuxieme seconde ii hai", 2),
    **_all("3 3rd 3o 3.o 3a 3er 3.er 3e 3eme third tercer tercero terceiro terceira troisieme iii ba", 3),
    **_all("4 4th 4o 4.o 4a 4to 4e 4eme fourth last final cuarto ultimo quarto quatrieme dernier iv tu bon cuoi", 4),
}

#: A unit's name in each language, and the unit as a rule writes it.
UNITS = {
    **_all("days day jours jour dias dia ngay d", "day"),
    **_all("weeks week wks wk semaines semaine semanas semana tuan", "week"),
    **_all("fortnights fortnight quinzaine quinzena quincena", "fortnight"),
    **_all("months month mths mth mois meses mes thang", "month"),
    **_all("quarters quarter trimestres trimestre quy", "quarter"),
    **_all("semesters semester semestres semestre", "half-year"),
    **_all("years year yrs yr annees annee ans an anos ano nam", "year"),
    **dict.fromkeys(("天", "日"), "day"),
    **dict.fromkeys(("周", "星期", "礼拜", "週"), "week"),
    **dict.fromkeys(("个月", "月", "か月", "ヶ月", "カ月", "箇月", "个月份"), "month"),
    **dict.fromkeys(("个季度", "个季"), "quarter"),
    **dict.fromkeys(("年",), "year"),
    "半年": "half-year",
}
#: Calendar months and days in one unit.
UNIT_LENGTHS = {
    "day": (0, 1),
    "week": (0, 7),
    "fortnight": (0, 14),
    "month": (1, 0),
    "quarter": (3, 0),
    "half-year": (6, 0),
    "year": (12, 0),
}

NUMBER_WORDS = {
    word: value
    for value, row in {
        1: "one a un une una uno um uma",
        2: "two deux dos dois duas",
        3: "three trois tres",
        4: "four quatre cuatro quatro",
        5: "five cinq cinco",
        6: "six seis",
        7: "seven sept siete sete",
        8: "eight huit ocho oito",
        9: "nine neuf nueve nove",
        10: "ten dix diez dez",
        11: "eleven onze once",
        12: "twelve douze doce doze",
        13: "thirteen treize trece treze",
        14: "fourteen quatorze catorce catorze",
        15: "fifteen quinze quince",
        16: "sixteen seize dieciseis dezesseis dezasseis",
        17: "seventeen diecisiete dezessete dezassete",
        18: "eighteen dieciocho dezoito",
        19: "nineteen diecinueve dezenove dezanove",
        20: "twenty vingt vingts veinte vinte",
        21: "veintiun veintiuno veintiuna",
        22: "veintidos",
        23: "veintitres",
        24: "veinticuatro",
        25: "veinticinco",
        26: "veintiseis",
        27: "veintisiete",
        28: "veintiocho",
        29: "veintinueve",
        30: "thirty trente treinta trinta",
        40: "forty fourty quarante cuarenta quarenta",
        50: "fifty cinquante cincuenta cinquenta",
        60: "sixty soixante sesenta sessenta",
        70: "seventy septante setenta",
        80: "eighty huitante octante ochenta oitenta",
        90: "ninety nonante noventa",
        100: "hundred cent cents cien ciento cem cento",
        200: "doscientos duzentos",
        300: "trescientos trezentos",
    }.items()
    for word in row.split()
}
#: "on the twentieth day following" counts twenty days. The lower ones belong to quarters and halves.
ORDINAL_DAYS = {
    **_all("tenth dixieme decimo", 10),
    **_all("fifteenth quinzieme", 15),
    **_all("twentieth vingtieme vigesimo", 20),
    **_all("thirtieth trentieme trigesimo", 30),
    **_all("sixtieth soixantieme sexagesimo", 60),
    **_all("ninetieth nonagesimo", 90),
}
NUMBER_JOINERS = frozenset({"and", "y", "e", "et"})
VIETNAMESE_NUMBERS = {
    **{"một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7},
    **{"tám": 8, "chín": 9, "mười": 10, "mươi": 10, "trăm": 100, "giêng": 1, "chạp": 12, "linh": 0, "lẻ": 0},
}
WORKING_DAYS = (
    "working|business|habiles|habil|laborables|uteis|util|ouvrables|ouvrable|ouvres|lam viec|工作日|工作天|营业日"
)
CALENDAR_DAYS = (
    "calendar|natural|consecutive|clear|full|naturales|calendario|corridos|corrido|seguidos|consecutivos|"
    "calendaires|calendaire|francs|consecutifs|civils|theo lich"
)

#: The WTO in the clause makes any "publication" a circulation.
BY_THE_WTO = r"(?<![a-z])(?:wto|omc|who secretariat)|world ?trade ?org|世贸|世界贸易组织|秘书处|secretaria"

#: A gazette or journal in the clause makes any "notification" a publication: India notifies in its e-Gazette.
GAZETTE = _any(
    r"gazet|offi[cz]ia\w* ?journal|federal ?register|\bojeu\b|newspaper",
    r"law ?journal|state ?journal|collection ?of ?laws",
    r"journal ?offi|bulletin ?offi|moniteur",
    r"ga[cz]eta|diario ?ofi|registro ?ofi|boletin ?ofi|el ?peruano",
    r"diario ?offi|diario ?da ?republica|boletim",
    r"cong ?bao",
    r"公报|官报|宪报|公告栏|报纸",
)
#: What words name the event; several may match, the nearest to the count decides.
EVENTS: tuple[tuple[Anchor, str], ...] = (
    (
        Anchor.ENTRY_INTO_FORCE,
        _any(
            r"ent(?:er|r)\w* ?(?:in|into|to|en|em) ?(?:to )?(?:force|effect|vigueur|vigor|vigencia)",
            r"com\w+ ?into ?(?:force|effect|operation)|(?:takes?|taking) ?effect|(?:be)?com\w+ ?effective|in ?force",
            r"effective ?date|commencement|date ?of ?(?:application|implementation|enforcement|effect)",
            r"mise ?en ?(?:vigueur|application)|vigueur|vigencia|vigor|hieu ?luc",
            r"生效|施行|实施|强制执行|执行",
        ),
    ),
    (
        Anchor.NOTIFICATION,
        _any(
            r"notif\w*|circulat\w*|distribut\w*|(?:this|the) ?(?:notice|addendum)",
            r"date ?of ?(?:this|the) ?(?:document|notice|addendum|communication)",
            r"diffusion|difusion|distribuc\w*|circulac\w*|distribuic\w*",
            r"thong ?bao|phan ?phat|luu ?hanh|phan ?phoi|phat ?hanh",
            r"通报|分发|散发|派发|发送|通告|通知",
        ),
    ),
    (
        Anchor.ADOPTION,
        _any(
            r"adopt\w*|approv\w*|enact\w*|endors\w*|signature|signing|signed|ratif\w*|finali[sz]ation",
            r"approb\w*|adopc\w*|aproba\w*|firma(?![a-z])|suscripcion|sancion|adoc\w*|aprova\w*|assinatura",
            # "thư ký" is a secretariat, "ký" alone a signature.
            r"thong ?qua|phe ?duyet|chap ?thuan|(?<!thu )(?<!thu)(?<![a-z])ky(?: ?ban ?hanh)?(?![a-z])|ban ?hanh",
            # 收养 adopts a child; a portal's machine means a standard.
            r"批准|通过|采纳|采用|收养|签署|签字|签发|核准|审批|制定",
        ),
    ),
    (
        Anchor.PUBLICATION,
        _any(
            r"publi[cs]\w*|promulg\w*|issu(?:ed|ance)|date ?of ?issue|gazett\w*",
            r"parution|insertion|expedicion|emision|emissao|divulgacao",
            r"cong ?bo|dang ?(?:tai|cong|tren)|xuat ?ban",
            r"公布|发布|颁布|预告|刊登|刊载|刊发|出版|公告|公示|登载|掲载|发表",
            GAZETTE,
        ),
    ),
)

_NOTHING_MORE = r"(?= ?(?:$|[^\w\s]))"
NOT_APPLICABLE = _any(
    rf"n ?/ ?a(?:p|pl)?(?![a-z])|n\. ?a\.?(?![a-z])|na{_NOTHING_MORE}|nil(?![a-z])|none{_NOTHING_MORE}",
    r"not?[ -]?app?lica|non[ -]?app?lica|inapplicable|does ?not ?apply|not ?required|not ?relevant",
    rf"no (?:public )?comments?(?: period)?{_NOTHING_MORE}|no deadline(?= ?$)|no comment period",
    rf"sans ?objet|s ?/ ?o(?![a-z])|s\.o\.|ne s'applique pas|neant|aucune?{_NOTHING_MORE}|non ?concerne",
    r"no ?aplica|no ?es ?aplicable|sin ?objeto|no ?procede|no ?corresponde|n ?/ ?c(?![a-z])",
    rf"ningun[oa]{_NOTHING_MORE}|nao ?(?:e |se )?aplic|nenhuma?{_NOTHING_MORE}",
    r"khong ?(?:ap ?dung|co(?![a-z]))",
    rf"不适用|不需要|无需|无须|不涉及|无评议期|(?<![暂有尚])无{_NOTHING_MORE}|没有{_NOTHING_MORE}",
    r"该当なし|해당 ?없음|해당사항 ?없음",
)
#: The period is over: there is no day left to wait for or to act by.
CLOSED = _any(
    r"closed|expired|elapsed|has ?(?:ended|passed|lapsed)|ended|finished",
    r"clos(?:e|es|os)?(?![a-z])|cloture|termine|echu|expire",
    r"cerrad[oa]|vencid[oa]|finalizad[oa]|terminad[oa]|concluid[oa]|encerrad[oa]|expirad[oa]",
    r"da ?het ?han|da ?ket ?thuc|het ?han",
    r"结束|已截止|已过期|已过|终了",
)
TO_BE_DETERMINED = _any(
    r"to ?be ?(?:determined|decided|announced|confirmed|fixed|advised|notified|established|specified|defined|set)",
    r"tb[dacn](?![a-z])|t\.b\.[dac]|not ?yet|pending|under ?consideration",
    r"not ?(?:determined|decided|stated|specified|available|known|fixed|given|indicated)",
    r"un(?:determined|known|specified|decided|available)",
    r"a ?(?:preciser|fixer|communiquer|decider)|pas ?encore|en ?attente|indetermine",
    r"non ?(?:determine|precise|disponible|communique|indique|defini|fixe)",
    r"(?:por|a) ?(?:determinar|definir|confirmar)|por ?(?:anunciar|fijar|establecer|decidir)|pendiente",
    r"sin ?(?:determinar|definir|fecha)|se ?determinara",
    r"no ?(?:determinad|definid|disponible|especificad|indicad|se ?ha|esta)",
    r"pendente|ainda ?nao|a ?ser ?|nao ?(?:determinad|definid|disponivel|informad|especificad|indicad)",
    r"chua|se ?duoc|dang ?cho|khong ?(?:xac ?dinh|ro)",
    r"待|未定|未确定|未声明|未注明|未说明|未规定|未指定|未提及|未公布|尚未",
    r"另行|暂未|暂无|暂缓|不可得|不详|不明|不确定|未知|无法|미정",
)
#: How far off is not said: no day can be counted.
VAGUE = _any(
    r"shortly|soon|some ?time|later ?date|prochainement|proximamente|oportunamente|em ?breve",
    r"适时|不久|尽快|尽早",
)

_LATIN_FILLERS = (
    "in on by from as of at the a an before after not no later earlier than until till to around about since within "
    "during onward onwards and or be is will it only for into starting beginning at least minimum maximum fixed date "
    "dates year month day calendar sometime approximately approx circa ca c expected estimated estimate est tentative "
    "tentatively planned proposed provisional provisionally anticipated scheduled projected foreseen target likely "
    "probably possibly effective adoption adopted entry enter enters force publication published final comment "
    "comments deadline period h hs cet gmt utc "
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu "
    "thur thurs fri sat sun le la les au aux du des dans vers environ courant prevu prevue annee delai un en el los "
    "las de del al partir hacia aproximadamente previsto prevista estimada estimado fecha ano plazo para comentario "
    "comentarios dentro em do da dos das data prazo nam thang ngay vao tu khoang du kien trong vong thoi han gop y"
)
_HAN_FILLERS = (
    "预计 计划 拟于 拟 预定 暂定 预期 估计 大约 约为 约 大概 左右 或 稍后 之后 以后 之前 "
    "以前 期间 年内 以内 之内 内 从 自 于 在 起 开始 至 前 后 正式 生效 实施 施行 批准 "
    "通过 公布 发布 评议期 评议 期限 期 为 共 号 日 份 的 将 "
    r"星期[一二三四五六日天] 周[一二三四五六日天] \([一二三四五六日天月火水木金土]\)"
)
#: Words that may stand beside "2026", "2011/12" or "60 days" without making it something else than a date.
FILLERS = _any(rf"(?<![a-z])(?:{'|'.join(_LATIN_FILLERS.split())})(?![a-z])", *_HAN_FILLERS.split())
