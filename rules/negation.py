"""Words that take back what follows: "does not apply to toys", "玩具除外", "à l'exclusion des piles".

A measure that says what it does not cover names products too. This reads the plain forms of that in English,
Chinese, French and Spanish, inside one clause; it is no parser, and where it is in doubt the mention stands.
All patterns are written for folded text (`rules.terms.fold`): lower case, no accents, hyphens as blanks.
"""

from __future__ import annotations

from dataclasses import dataclass

from watcher.later import later

#: How far before a hit a negation may begin, in folded characters.
_REACH = 160

#: Phrases whose scope runs on through a list: "excluding batteries, toys and lamps".
_WIDE = later(
    r"(?:\b(?:"
    # English
    r"(?:do|does|did|shall|will|would|may|must|can|should) not (?:\w+ ){0,2}?"
    r"(?:apply|extend|cover|include|concern|relate|affect|address|encompass|pertain|comprise|deal)(?: \w+)?"
    r"|(?:is|are|be|being) not (?:\w+ ){0,1}?(?:applicable|intended|meant) (?:to|for)"
    r"|not (?:applicable|applying|apply|including|covering|inclusive of|containing)(?: to)?"
    r"|(?<!not )(?<!without )exclud(?:ing|es|ed|e)|(?<!without )exclusive of|(?<!without )exclusion of"
    r"|excl\.?|except(?:ing)?(?: for)?|with the exceptions? of|apart from|other than"
    r"|out of (?:the )?scope(?: are)?|outside (?:the )?scope(?: are)?"
    # French
    r"|a l'exclusion|a l'exception|excepte|hormis|sauf"
    r"|autres? que|(?:ne|n')? ?s'(?:applique|appliquent|appliquera|etend|etendent) pas"
    r"|(?:ne |n')(?:concerne|concernent|couvre|couvrent|comprend|comprennent|inclut|incluent|vise|visent|porte) pas"
    r"|(?:n'est|ne sont|n'etait) pas (?:applicables?|destines?|destinees?) (?:a|aux|au)"
    # Spanish
    r"|no (?:se )?(?:aplica|aplican|aplicara|aplicaran|incluye|incluyen|incluyendo|comprende|comprenden|abarca"
    r"|abarcan|cubre|cubren|afecta|afectan|refiere|refieren)"
    r"|no (?:es|son|sera|seran) aplicables? (?:a|al)|(?<!no )(?:se |quedan? )?exclu(?:ye|yen|yendo|idos?|idas?)"
    r"|exceptuando|exceptuad[oa]s?|excepto|salvo|con (?:la )?excepcion de|a excepcion de|con exclusion de"
    r"|distint[oa]s (?:de|a)|diferentes (?:de|a)"
    r")(?!\w)"
    # Chinese
    r"|(?:并?不|暂不|均不)(?:适用于?|包括|包含|涵盖|涉及|覆盖|针对|属于)|未(?:包括|包含|涵盖)|(?<!不)排除"
    r"|(?<![解消清去拆免删排扫破开剔根切])除(?![草湿尘臭霜冰螨味菌锈颤皱垢雪氧外非])(?:了)?"
    r")"
)

#: Words that take back only the very next word: "non-toy", "no battery", "非食品".
_NEXT = later(
    r"(?:(?<!\w)(?:non|no|not|not for|not intended for|(?<!or )without|(?<!ou )sans|(?<!o )sin|hors|nor|neither|ni)"
    r" (?:any |a |an |the |de |des |les |las |los |el |la )?|(?<![除并是莫])非|不含有?|不带|无需|不使用)$"
)

#: What may not stand between a wide negation and what it takes back.
_CLAUSE_END = later(
    r"[.;:!?。；：！？()\[\]{}（）\n]|(?<!\w)(?:but|however|whereas|while|which|shall|must|should|applies|apply to"
    r"|covers|includes|including|such as|is applicable|are applicable|mais|cependant|toutefois|doivent|doit|pero|sino"
    r"|debe|deben|deberan|se aplica a|s'applique)(?!\w)|但|而是|(?<!不)适用于|包括|应当|必须|还|也"
)
_LIST_BREAK = later(r"[,，、]")

#: What follows a product that is taken back, or a short list that begins with it ("toys and games are excluded").
_AFTER = later(
    r"(?:(?:, ?(?:and |or |et |ou |y )?| and | or | et | ou | y )(?:\w+ )?\w+){0,6}?"
    r"(?:[、和及与或][^、和及与或,，。；;:：()（）\s]{1,8}){0,6}?"
    r"[\s)）]*(?:products? |articles? |equipment |devices? )?(?:"
    r"(?:is|are|was|were|shall be|will be|being) (?:also |however |explicitly |expressly )?"
    r"(?:excluded|excepted|not (?:covered|included|subject|within|in the scope|in scope|affected|concerned)|outside|"
    r"out of scope)"
    r"|excluded|excepted|(?:do|does|shall|will) not fall"
    r"|(?:est|sont|seront|sera) (?:exclus?|exclues?|exclue)|exclus?(?!\w)|exclues?(?!\w)|exceptes?(?!\w)"
    r"|(?:n'est|ne sont|ne seront) pas (?:couverts?|couvertes?|vises?|visees?|concernes?|concernees?|inclus)"
    r"|(?:queda|quedan|esta|estan|son|seran) (?:excluid|exceptuad)[oa]s?|excluid[oa]s(?!\w)"
    r"|no (?:esta|estan|quedan) (?:incluid|comprendid|sujet|cubiert)[oa]s?"
    r"|等?(?:产品|商品|制品|类)?(?:等)?(?:除外|不在[^,，。；;]{0,12}(?:范围|之列)|不适用|不包括在内|被排除|不属于))"
)
_EXCEPT_END = later(r"^[^,，。；;:：]{0,24}?(?:以外|之外|外)(?P<then>[,，]?[^,，。；;]{0,12})")
_ALSO = later(r"[还也亦另又]")


@dataclass(frozen=True, slots=True)
class Negations:
    """Where a folded text takes something back."""

    text: str
    _wide: tuple[tuple[int, int], ...]

    def cover(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` of the folded text are taken back."""
        before = self.text[max(0, start - 24) : start]
        if _NEXT.search(before) or _AFTER.match(self.text, end):
            return True
        for begin, stop in reversed(self._wide):
            if stop > start:
                continue
            if start - stop > _REACH:
                return False
            if self._reaches(begin, stop, start, end):
                return True
        return False

    def _reaches(self, begin: int, stop: int, start: int, end: int) -> bool:
        """Whether the negation at `begin`..`stop` still holds at `start`."""
        between = self.text[stop:start]
        if _CLAUSE_END.search(between):
            return False
        pieces = _LIST_BREAK.split(between)
        if any(len(piece.split()) > 5 or len(piece) > 48 for piece in pieces):
            return False
        if (
            self.text[begin] == "除"
        ):  # "除玩具外" takes toys back; "除玩具外,还" adds to them; without "外" it is no except
            closing = _EXCEPT_END.match(self.text[end : end + 60])
            return bool(closing and not _ALSO.search(closing["then"]))
        return True


def negations(folded: str) -> Negations:
    """Find what a folded text takes back, once for all hits in it."""
    return Negations(folded, tuple(match.span() for match in _WIDE.finditer(folded)))
