"""Markets: WTO Members and groups of them, by code and by the many names they go by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from watcher.said import either, said

EUROPEAN_UNION: Final = "EU"


class MarketError(ValueError):
    """A text names no market that is known here; the message says what was meant, as far as can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A WTO Member or observer: whoever can stand in a document symbol."""

    code: str  #: as in symbols: "KEN", "EU", "TPKM"
    iso2: str = ""
    iso3: str = ""
    eping_id: str = ""  #: "C276": "C" and the number of ISO 3166; "U918" is the EU
    names: Mapping[str, str] = field(default_factory=dict)  #: per language: "en", "zh", "fr", "es"
    aliases: tuple[str, ...] = ()  #: other names, other spellings, former codes
    observer: bool = False  #: not a Member yet
    eu_member_state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of markets, subscribed to by its key and expanded when a measure is matched."""

    key: str  #: "EAC"
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()  #: Members' codes; none: the operator has not listed them


class Markets:
    """All Members and groups, found by code or name in any language, and expanded to the Members that count."""

    def __init__(self, members: Iterable[Member], groups: Iterable[Group] = ()) -> None:
        """Raises `MarketError` when one name stands for two markets, or a group holds a Member that is unknown."""
        self.members: Mapping[str, Member] = {member.code: member for member in members}
        self.groups: Mapping[str, Group] = {group.key: group for group in groups}
        self._by_name: dict[str, str] = {}
        for member in self.members.values():
            own = (member.code, member.iso2, member.iso3, member.eping_id, *member.names.values(), *member.aliases)
            self._learn(member.code, own)
        for group in self.groups.values():
            self._learn(group.key, (group.key, *group.names.values(), *group.aliases))
            if unknown := [code for code in group.members if code not in self.members]:
                raise MarketError(f"group {group.key!r} holds {unknown[0]!r}, which is no Member's code")
        self._eu_states: Final = frozenset(code for code, member in self.members.items() if member.eu_member_state)

    def _learn(self, code: str, names: Iterable[str]) -> None:
        for spelling in {spelling for name in names if name for spelling in _spellings(name)}:
            holder = self._by_name.setdefault(spelling, code)
            if holder != code:
                raise MarketError(f"{spelling!r} is a name of both {holder!r} and {code!r}: take it from one of them")

    def name(self, code: str, language: str = "en") -> str:
        """The market's name in a language ("zh", "zh-CN"), else in English, else the code itself."""
        market = self.members.get(code) or self.groups.get(code)
        if market is None:
            found = self._by_name.get(_fold(code))
            return self.name(found, language) if found else code
        return market.names.get(language[:2].lower()) or market.names.get("en") or code

    def find(self, name: str) -> str | None:
        """The Member's code or the group's key that a name, a code or an ePing id stands for; None: nobody's."""
        if len(name) > _LONGEST_NAME:
            return None
        for reading in _readings(name):
            if code := self._by_name.get(reading):
                return code
        return self._with_lost_letters(name)

    def resolve(self, text: str) -> str:
        """As `find`, for what a person typed: raises `MarketError`, with the nearest names, instead of None."""
        code = self.find(text)
        if code is None:
            raise MarketError(self._unknown(text))
        if code in self.groups and not self.groups[code].members:
            name = self.name(code)
            raise MarketError(
                said(
                    "the Members of {name!r} are not listed here: list them in the settings under [groups.{code}]",
                    name=name,
                    code=code,
                )
            )
        return code

    def find_all(self, text: str) -> tuple[str, ...]:
        """All markets that a field names, in stated order; what names none is left out.

        "BURUNDI, KENYA, RWANDA" and "科威特国、阿曼" are fields with several.
        """
        if code := self.find(text):
            return (code,)
        parts = [part.strip() for part in _SEPARATORS.split(text[:_LONGEST_FIELD]) if part.strip()]
        return tuple(dict.fromkeys(self._longest_names(parts)))

    def _longest_names(self, parts: list[str]) -> Iterator[str]:
        start = 0
        while start < len(parts):
            for end in (start + 2, start + 1):  # "Korea, Republic of" is one name
                if code := self.find(", ".join(parts[start:end])):
                    yield code
                    start = end
                    break
            else:
                yield from filter(None, map(self.find, _AND.split(parts[start])))
                start += 1

    def expand(self, markets: Iterable[str]) -> frozenset[str]:
        """The codes of the Members whose notices count for these markets.

        A group stands for its Members, the EU for itself and its member states; a member state of the EU, asked for
        by itself or in a group, stands for itself and the EU. A code that is not known stands for itself.
        """
        codes: set[str] = set()
        for market in markets:
            group = self.groups.get(market)
            codes.update(group.members if group else (market,))
        if EUROPEAN_UNION in codes:
            return frozenset(codes | self._eu_states)
        return frozenset(codes | {EUROPEAN_UNION}) if codes & self._eu_states else frozenset(codes)

    def _with_lost_letters(self, name: str) -> str | None:
        """A name in which an encoding was lost: "C?te d'Ivoire"."""
        folded = _fold(name.replace("\ufffd", "?"), keep="?")
        if "?" not in folded or len(folded.replace("?", "")) < 4:
            return None
        pattern = re.compile(re.escape(folded).replace(r"\?", r"\w{0,2}"))
        found = {code for known, code in self._by_name.items() if pattern.fullmatch(known)}
        return found.pop() if len(found) == 1 else None

    def _unknown(self, text: str) -> str:
        near = get_close_matches(_fold(text[:_LONGEST_NAME]), self._by_name, n=6, cutoff=0.7)
        codes = list(dict.fromkeys(self._by_name[name] for name in near))[:3]
        shown = said("{text!r} is no market known here", text=text.strip()[:60])
        if codes:
            names = [f"{self.name(code)} ({code})" for code in codes]
            return said("{shown}: did you mean {several}?", shown=shown, several=either(names))
        groups = ", ".join(sorted(self.groups)) or said("none")
        return said(
            "{shown}: give a WTO Member by code or name, such as KEN or Kenya, or a group: {groups}",
            shown=shown,
            groups=groups,
        )


_LONGEST_NAME = 300
_LONGEST_FIELD = 4000  # all Members by name fill less
_SEPARATORS: Final = re.compile(r"[,;、，；/\n|]")
_AND: Final = re.compile(r"(?:^|\s)(?:and|et|y|&)\s|[和及与]")  # only then: "Trinidad and Tobago"
_APOSTROPHES: Final = re.compile("['’‘`´ʼ]")
_NOT_IN_NAMES: Final = re.compile(r"[^\w]+")
#: What stands around a name in full style.
_STYLE: Final = re.compile(
    r"^(?:the |(?:islamic |democratic |arab |federal |federative )?(?:republic|republica|republique) "
    r"(?:of |de |d |du )?(?:the )?|(?:kingdom|state|sultanate|reino|royaume|commonwealth|union|principality) "
    r"(?:of |de |d |du )(?:the )?)+|(?: the)? (?:republic|kingdom|state) of(?: the)?$"
)
_STYLE_HAN: Final = re.compile(r"(?:伊斯兰|阿拉伯|民主|联合|社会主义)*(?:共和国|王国|联邦|苏丹国|酋长国|公国|国)$")
_TRADITIONAL: Final = str.maketrans(
    "國歐盟韓臺灣亞爾羅蘭馬門納緬義賓紐內維烏約盧達聯區東巴貝寧賴盧莊幾鄉澤魯廷厄瓜麥馮湯萊沙薩島陶聖當爐澳墨丹敘敍時蘇喬諾",
    "国欧盟韩台湾亚尔罗兰马门纳缅义宾纽内维乌约卢达联区东巴贝宁赖卢庄几乡泽鲁廷厄瓜麦冯汤莱沙萨岛陶圣当炉澳墨丹叙叙时苏乔诺",
)


def _fold(name: str, keep: str = "") -> str:
    """A name as names are compared: case, accents, width, punctuation and "&" make no difference."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold().replace("&", " and "))
    bare = "".join(char for char in text if not unicodedata.combining(char)).translate(_TRADITIONAL)
    bare = _APOSTROPHES.sub("", bare)
    words = re.sub(rf"[^\w{re.escape(keep)}]+", " ", bare).split() if keep else _NOT_IN_NAMES.sub(" ", bare).split()
    words = ["saint" if word in ("st", "sto", "ste") else word for word in words]
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)  # "U.S.A."
    folded = " ".join(words)
    return folded.replace(" ", "") if re.search(r"[\u4e00-\u9fff]", folded) else folded.removeprefix("the ")


def _spellings(name: str) -> set[str]:
    """How a known name may be met: as it is, and turned round at its comma ("Republic of Korea")."""
    first, comma, rest = name.partition(", ")
    return {_fold(name), _fold(f"{rest} {first}")} if comma else {_fold(name)}


def _readings(name: str) -> Iterator[str]:
    """How a met name may be read, best first."""
    folded = _fold(name)
    yield folded
    yield _fold(re.sub(r"[(（][^)）]*[)）]", " ", name))
    yield _STYLE.sub("", folded)
    if len(folded) > 3:
        yield _STYLE_HAN.sub("", folded)
    try:
        yield _fold(name.encode("cp1252").decode("utf-8"))  # UTF-8 that was read as something else
    except UnicodeError:
        return
