"""Which event a wording counts from: the words next to the count decide, a gazette or the WTO overrules them."""

from __future__ import annotations

import re

from watcher.dates import Anchor
from watcher.dates.words import BY_THE_WTO, EVENTS, GAZETTE, ORDINALS, VAGUE

#: A minister declares a standard mandatory by a notice in the gazette; without one it is an event that nobody dates.
_DECLARED = r"(?P<DECLARED>declar\w*|宣布)"
_EVENT = re.compile("|".join([*(f"(?P<{anchor.name}>{pattern})" for anchor, pattern in EVENTS), _DECLARED]))
_GAZETTE = re.compile(GAZETTE)
_BY_THE_WTO = re.compile(BY_THE_WTO)
_VAGUE = re.compile(VAGUE)
#: "publication of this notification", "通报发布之后": what is published is the notification.
_NOTIFICATION_PUBLISHED = re.compile(
    r"(?:publi|issu|release|cong bo)\w* (?:date )?(?:of|de|del|da|do|du)(?: the| this| la| el| a| o| cette| esta)? "
    r"(?:wto )?notif|publi\w+ (?:date )?of (?:the|this) (?:document|notice|addendum)|"
    r"(?:通报|通知)(?:的|被)?(?:公布|发布|发表|刊登)|(?:公布|发布)(?:本|该|此)?通报"
)

#: In front of an event, these say that its own day is meant: "upon publication", "a la date de sa publication".
_LEADS = (
    *("upon", "after", "following", "once", "when", "(?:as )?from", "as of", "day (?:immediately )?following"),
    r"(?:the )?(?:date|day|time|moment) (?:of|on which|when)",
    *(r"fecha del?", r"(?:el )?dia de", r"a partir d[eao]l?", "desde", "tras", "luego de", "despues de", "cuando"),
    *(r"dia siguiente (?:de|al?|aquel)", r"mes siguiente (?:de|al?)"),
    *(r"(?:a )?la date de", r"(?:le )?jour de", r"a compter d[eu]", "des", "apres", r"lendemain d[eu]"),
    *(r"jour suivant(?: celui de)?", r"mois (?:suivant|qui suit)"),
    *(
        r"(?:na? )?data d[aeo]",
        "dia da",
        "apos",
        "depois d[ae]",
        r"dia seguinte (?:da|ao?)",
        r"mes seguinte (?:da|ao?)",
    ),
    *("ke tu", "tu ngay", "sau khi", "tu khi", "khi", "ngay sau", "ngay", "sau"),
)
_LEAD = re.compile(rf"(?<![a-z])(?:{'|'.join(_LEADS)})(?![a-z])")
#: Words that may stand at the start of a wording, in front of the event or of "on", without meaning anything else.
_OPENING = (
    *("immediate", "immediately", "effective", "force", "effect", "with", "enters?", "shall", "will", "comes?", "into"),
    *("its", "the", "inmediata", "inmediatamente", "entra", "entrada", "en", "vigor", "immediatement", "entree"),
    *("vigueur", "imediata", "imediatamente", "de", "le", "el", "o", "a", "la", "au", "ao"),
)
_LEAD_AT_START = re.compile(
    rf"(?:(?:{'|'.join(_OPENING)}) ){{0,6}}(?:on|upon|at|con|al|with|avec|lors de|na|no|com|a la|en la)?(?: |$)"
)
_NEXT_DAY = re.compile(
    r"(?:day|date|dia) (?:immediately )?(?:following|after|next|siguiente|seguinte|posterior|inmediato)|(?:next|"
    r"following) day|"
    r"jour suivant|lendemain|dia seguinte|ngay (?:tiep theo|hom sau|sau ngay|ke tiep)|ngay sau ngay"
)
_MONTH_START = re.compile(
    r"(?:first day|1st day|1 day|1st|primer dia|premier jour|1er jour|primeiro dia|ngay dau tien)(?: of| del| de| du|"
    r" do| cua)?(?: the| le)?"
    r"(?: (?P<ordinal>(?!month|mes|mois|thang)[a-z0-9]{1,12}))? (?:calendar )?(?:month|mes|mois|thang)"
)
_NOT_A_DAY = re.compile(
    r"(?:following|next|same|siguiente|proximo|suivant|prochain|seguinte) (?:month|quarter|year|mes|mois|annee|ano)|"
    r"(?:month|quarter|year|mes|mois|trimestre|annee|ano) (?:following|after|siguiente|suivant|seguinte)|次月|下个?月|"
    r"次年|下1?年"
)
_HAN_DAY = re.compile(
    r"(?P<next>(?:之日的?|之|的|后的?|日的?)?(?:次日|翌日|第2[天日]|隔[天日]|第二[天日]))"
    r"|之日|的日期|日期|当日|当天|之时|即日|(?:之|以)?后(?=立即|即|马上|生效|实施|施行|执行|[。,;)]|$)"
    r"|日(?=起|开始|后|施行|生效|实施|[。,;)]|$)|即(?=生效|实施|施行|日)|の日"
)
_HAN_MONTH_START = re.compile(r"(?:次月|下1?个?月|翌月)的?(?:1[日号]|第1天|首日|初|开始|起)")
_HAN_LENGTH = re.compile(r"\d ?个?(?:[天日月年周]|季度)")
_DIGIT = re.compile(r"\d")  # in front of the event: a length of time, read or not; the event's own day is not meant
_STOP = re.compile(r"[,;()。]")


def event_in(clause: str, *, nearest: str) -> tuple[Anchor, int, int] | None:
    """The event named in a folded `clause` and where: the `nearest` to the count is its "first" or its "last"."""
    found = list(_EVENT.finditer(clause))
    if not found:
        return None
    event = found[0 if nearest == "first" else -1]
    anchor = _overruled(event, clause)
    return (anchor, event.start(), event.end()) if anchor else None


def _overruled(event: re.Match[str], clause: str) -> Anchor | None:
    in_gazette = _GAZETTE.search(clause) is not None
    if event["DECLARED"]:
        return Anchor.PUBLICATION if in_gazette else None
    anchor = Anchor[event.lastgroup or ""]
    if anchor is Anchor.ENTRY_INTO_FORCE:
        return anchor
    if in_gazette:
        return Anchor.PUBLICATION
    if anchor is Anchor.PUBLICATION and (_BY_THE_WTO.search(clause) or _NOTIFICATION_PUBLISHED.search(clause)):
        return Anchor.NOTIFICATION
    return anchor


def own_day_of_event(text: str) -> tuple[Anchor, int, int] | None:
    """The event whose own day a folded `text` names, "date of publication" or "公布之日"; (event, months, days).

    Months: the first day of the so-many-eth month after it; days: 1 for the day after.
    """
    if len(text) > 300 or _VAGUE.search(text):
        return None
    return _han_own_day(text) or _latin_own_day(text)


def _han_own_day(text: str) -> tuple[Anchor, int, int] | None:
    if (month_start := _HAN_MONTH_START.search(text)) and (
        event := event_in(text[: month_start.start()], nearest="last")
    ):
        return event[0], 1, 0
    if _NOT_A_DAY.search(text):
        return None
    for found in _HAN_DAY.finditer(text):
        clause = _STOP.split(text[: found.start()])[-1]
        events = list(_EVENT.finditer(clause))
        if events and not _HAN_LENGTH.search(clause) and (anchor := _overruled(events[-1], text)):
            return anchor, 0, 1 if found["next"] else 0
    return None


def _latin_own_day(text: str) -> tuple[Anchor, int, int] | None:
    lead = _LEAD.search(text, 0, 120)
    start = lead.end() if lead else 0
    if not lead:
        at_start = _LEAD_AT_START.match(text)
        start = at_start.end() if at_start else 0
    event = _EVENT.search(text, start)
    if not event or not event[0].isascii() or event.start() - start > (60 if lead else 3):
        return None
    if _STOP.search(text, start, event.start()):
        return None
    month_start = _MONTH_START.search(text)
    if not month_start and _DIGIT.search(text, 0, event.start()):
        return None
    if not lead and len(text) > 120:
        return None
    # "Enters into force upon publication" begins with an event, too: the one behind the lead counts.
    anchor = _overruled(event, text)
    if anchor is None:
        return None
    if month_start:
        ordinal = month_start["ordinal"]
        if ordinal in {"following", "next"}:
            return anchor, 1, 0
        if ordinal and ordinal not in ORDINALS and not re.match(r"\d{1,2}(?:th)?$", ordinal):
            return None
        number = 1 if not ordinal else ORDINALS.get(ordinal) or int(re.sub(r"\D", "", ordinal))
        return anchor, number, 0
    if _NOT_A_DAY.search(text):
        return None
    return anchor, 0, 1 if _NEXT_DAY.search(text) else 0
