"""The ticked boxes of an addendum ("Reason for Addendum"), in the WTO's three languages and in Chinese.

The form: comment period changed; notified measure adopted, published, enters into force; text of the final measure
available; measure withdrawn or revoked; content or scope changed; interpretive guidance; other. Sources without a field
for it carry the form at the head of the description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from watcher.addenda.prose import DATE, cover, folded
from watcher.later import later


class Box(StrEnum):
    """What a ticked box says."""

    COMMENTS = "comment period changed"
    SCOPE = "content or scope changed"
    FINAL_TEXT = "text of final measure available"
    WITHDRAWN = "withdrawn or revoked"
    IN_FORCE = "enters into force"
    PUBLISHED = "published"
    ADOPTED = "adopted"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """A ticked box: what it says, the words behind it as they stand, and the date in them."""

    box: Box
    words: str
    date: str = ""  #: as it stands there; empty: none
    after_label: str = ""  #: what stands where the date should: "the day after publication"; empty: nothing


_TICK: Final = later(
    r"(?P<yes>[\[【(（［]\s*[xX×✓✔√vV]\s*[\]】)）］]|[☒☑✅■✓✔])|(?P<no>[\[【(（［]\s{0,3}[\]】)）］]|[☐□▢])"
)
#: Without tick marks: a new line, a semicolon, or the next box of the form begins another reason.
_NEXT: Final = later(
    r"\n+|[;；]|(?<=\S)\s+(?=(?:Notified measure|Comment period|Content or scope|Text of final"
    r"|Interpretive guidance|Mesure notifiée"
    r"|Medida notificada|Entr[ée]e? en vigueur|Entrada en vigor)\b)"
)
#: Read in this order: the words of the narrower box stand in the wider ones too ("final measure", "measure adopted").
_BOXES: Final = tuple(
    (box, later(pattern, re.IGNORECASE))
    for box, pattern in (
        # The committee on SPS puts three in one box, and has another for plans that changed.
        (
            Box.OTHER,
            r"(?:change|modification|cambio|modificación)\s+(?:in|of|de|en)\s+(?:the\s+|la\s+)?(?:proposed\s+)?"
            r"(?:dates?|fecha)\b(?!.*comment)(?!.*observa)|拟.{0,8}日期.{0,4}(?:变更|更改|修改)",
        ),
        (
            Box.ADOPTED,
            r"adoption, publication or entry into force|adoption, de la publication ou de l['’]entrée"
            r"|adopción, publicación o(?: la)? entrada|(?:批准|通过|采纳)、公布或生效",
        ),
        (Box.SCOPE, r"\b(?:content|scope)\b|teneur|champ d['’]application|contenido|ámbito|内容|范围|nội dung|phạm vi"),
        (Box.COMMENTS, r"\bcomment|observations|commentaires|observaciones|comentarios|评议|评论|意见|góp ý"),
        (Box.OTHER, r"interpretive|guidance|interprétati|interpretativ|orientación|解释性|指南|指导"),
        (
            Box.WITHDRAWN,
            r"withdraw|revoked|repealed|cancell?ed|retirée?\b|retrait|révoqué|abrogé|retirad|retiro|revocad|derogad"
            r"|撤回|撤销|撤消|废止|取消",
        ),
        (
            Box.FINAL_TEXT,
            r"final (?:measure|text|version)|text of|mesure finale|texte|medida (?:final|definitiva)|texto"
            r"|最终|文本|案文",
        ),
        (Box.IN_FORCE, r"\bforce\b|effective|vigueur|vigor|vigencia|生效|实施|施行|hiệu lực"),
        (Box.PUBLISHED, r"publish|publication|publiée?|publicad|公布|发布|刊登|công bố|ban hành"),
        (Box.ADOPTED, r"adopted|adoption|approved|adoptée?|adoptad|aprobad|通过|采纳|采取|采用|批准|thông qua"),
    )
)
_LABEL: Final = later(r"(?:dates?|日期|fecha|ngày)\s*:\s*(?P<rest>.+)$", re.IGNORECASE | re.DOTALL)
_DATE: Final = later(f"{DATE}+")


#: In prose "(v)" and "(x)" may number a list, and "□" or "■" alone may be bullets.
_NUMBERED: Final = later(r"[(（]\s*(?:ii|iii|iv|vi|ix)\s*[)）]", re.IGNORECASE)
_ROMAN: Final = later(r"[(（]\s*[vx]\s*[)）]", re.IGNORECASE)
_BULLETS: Final = frozenset("□▢■")
#: The words of the form. Behind "other" stands prose.
_FORM: Final = later(
    r"\W*(?:the\s+|la\s+|le\s+|l')?(?:(?:notified|final)\s+\w+|comments?\s+period|(?:final\s+date|deadline|time\s+limit)\b"
    r"|content\b|(?:change|modification)\s+(?:in|of)\b|text\s+of\b|interpretive\b|measure\b|withdrawal\s+of\b"
    r"|notification\s+of\b|(?:date\s+of\s+)?(?:entry\s+into|adoption|publication)\b|entr(?:y|ée|ada)\b|adopted\b|published\b"
    r"|withdrawn\b|mesures?\b|modification\s+d|texte\b|teneur\b|délai\b|orientations\b|publication\b|retrait\b|prorogation\b"
    r"|medidas?\b|modificación\b|texto\b|contenido\b|plazo\b|fecha\b|publicación\b|retiro\b|prórroga\b"
    r"|(?:other|autres?|otros?|其他|其它)\b"
    r"|[^,。;:\n]{0,12}?(?:通报(?:的)?(?:措施|法规)|评议期|评论期|意见|最终(?:措施|法规|文本)|措施|解释性|指南|内容|范围|生效|撤回"
    r"|通过|公布|发布|批准|biện pháp))",
    re.IGNORECASE,
)
_OTHER: Final = later(
    r"\s*(?:others?|autres?|otros?|其他|其它)\b[^\n:]{0,20}?:|\s*(?:others?|autres?|otros?|其他|其它)\b", re.IGNORECASE
)
_DATE_LABEL: Final = later(r"[^\n:。]{0,140}?(?:dates?|日期|fecha|ngày)\s*:\s*(?:(?:le|el|on)\s+)?", re.IGNORECASE)
_PROSE: Final = later(r"[A-ZÀ-Ý][^\n]{50}|[㐀-鿿][^\n]{25}")
_LONGEST_LABEL: Final = 200  #: characters from the mark to the colon, or to the end, of a box
_SENTENCE_END: Final = later(r"\n|[;。]|[.](?=\s|$)")
#: Lines that belong to a box above them: a date of its own, a second label of the form, an address.
_CONTINUES: Final = later(
    r"\s*(?:¤|-|https?:|www\.|\(?\d\)|dates?\b|fecha\b|日期|new\s+deadline|nouvelle|nueva|nuevo|relevant\s+symbol|cote\b"
    r"|signatura|相关文号|新的|adresse|dirección)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A text that may hold the form: its ticked boxes, and its prose, in which the form is blanked."""

    ticked: tuple[Ticked, ...] = ()
    prose: str


def read_form(text: str) -> Form:
    """The form in a description or a title. A mark is a box if the words behind it are those of a known reason."""
    marks = _marks_of_form(text)
    if not marks:
        return Form(prose=text)
    covered, prose, ticked = cover(text), text, []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = _end_of_box(covered, mark.end(), after.start() if after else None)
        words = text[mark.end() : end].strip()
        if mark["yes"] and words:
            ticked.append(_read(words))
        # New lines, so that what stands before and behind the form are two sentences.
        prose = prose[: mark.start()] + "\n" * (end - mark.start()) + prose[end:]
    return Form(ticked=tuple(ticked), prose=prose)


def _marks_of_form(text: str) -> list[re.Match[str]]:
    found = list(_TICK.finditer(text))
    if not found:
        return []
    plain, numbered = folded(text), _NUMBERED.search(text) is not None
    marks = [
        mark
        for mark in found
        if not (numbered and _ROMAN.fullmatch(mark[0])) and _FORM.match(plain[mark.end() : mark.end() + _LONGEST_LABEL])
    ]
    bullets = {mark[0] for mark in marks} <= _BULLETS
    return [] if bullets and len({bool(mark["yes"]) for mark in marks}) < 2 else marks


def _end_of_box(covered: str, start: int, following: int | None) -> int:
    """Where a box ends: before the next one; and where its line ends, or behind its date, if prose comes next."""
    limit = len(covered) if following is None else following
    if other := _OTHER.match(covered, start, limit):
        return other.end()
    label = _DATE_LABEL.match(covered, start, limit)
    if label and (day := _DATE.match(covered, label.end(), limit)):
        rest = day.end()
    elif label and following is None and _PROSE.match(covered, label.end()):
        return label.end()  # nothing is filled in: what follows is prose
    else:
        rest = label.end() if label else start
        if following is None:
            end = _SENTENCE_END.search(covered, rest, limit)
            return end.start() if end else limit
    # Within the form, a line that does not go on with the box is prose.
    while rest < limit:
        line = covered.find("\n", rest, limit)
        if line < 0:
            return limit if following is not None else rest
        if not _CONTINUES.match(covered, line + 1, limit) and covered[line:limit].strip():
            return line
        rest = line + 1
    return limit


def read_boxes(reason: str) -> tuple[Ticked, ...]:
    """The ticked boxes in the order of the form. Where nothing is marked, every reason stated counts as ticked."""
    return tuple(_read(words) for words in _ticked(reason))


def _ticked(reason: str) -> Iterator[str]:
    marks = list(_TICK.finditer(reason))
    if not marks:
        yield from (part.strip() for part in _NEXT.split(reason) if part.strip())
        return
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        words = reason[mark.end() : after.start() if after else len(reason)].strip()
        if mark["yes"] and words:
            yield words


def _read(words: str) -> Ticked:
    # "通过" is "adopted" and "by means of": only the words before the date's label name the box.
    plain = folded(words)
    name = plain.split(":", maxsplit=1)[0]
    found = next((box for box, pattern in _BOXES if pattern.search(name)), Box.OTHER)
    day = _DATE.search(cover(words))
    label = _LABEL.search(plain)
    return Ticked(
        box=found,
        words=words,
        date=words[day.start() : day.end()].strip() if day else "",
        after_label=words[label.start("rest") :].strip() if label else "",
    )
