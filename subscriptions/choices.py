"""What may be asked for besides markets, products and words: kinds, stages, objectives, schemes, duties by name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from rules.classification import Facet
from rules.facets import Facets
from rules.product_areas import name_in
from subscriptions.criteria import Part
from subscriptions.standards import standard_form
from watcher.codes import OBJECTIVES
from watcher.said import either, said

#: The facet that answers each further condition; agencies, sources and measures stand in the measure itself.
FACETS: Final[Mapping[Part, Facet]] = MappingProxyType(
    {
        Part.KIND: Facet.KIND,
        Part.STAGE: Facet.STAGE,
        Part.OBJECTIVE: Facet.OBJECTIVE,
        Part.SCHEME: Facet.SCHEME,
        Part.DUTY: Facet.DUTY,
        Part.STANDARD: Facet.STANDARD,
    }
)
#: How far a measure has come, by language.
STAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "draft": {"en": "draft", "zh": "草案", "fr": "projet", "es": "proyecto"},
        "adopted": {"en": "adopted", "zh": "已批准", "fr": "adopté", "es": "adoptado"},
        "in-force": {"en": "in force", "zh": "已生效", "fr": "en vigueur", "es": "en vigor"},
        "withdrawn": {"en": "withdrawn", "zh": "已撤回", "fr": "retiré", "es": "retirado"},
        "unknown": {"en": "not known", "zh": "阶段不明", "fr": "inconnu", "es": "desconocido"},
        "recalled": {"en": "recalled", "zh": "已召回", "fr": "rappelé", "es": "retirado del mercado"},
    }
)
_CALLED: Final = {
    Part.KIND: said("kind of measure"),
    Part.STAGE: said("stage"),
    Part.OBJECTIVE: said("objective"),
    Part.SCHEME: said("scheme or mark"),
    Part.DUTY: said("duty"),
}
#: Said beside the name of a scheme and no part of it: "CE marking", "BIS certification", "CE认证".
_BESIDE_A_SCHEME: Final = re.compile(
    r"\b(?:marks?|marking|certificat(?:e|es|ion|ions)|certified|scheme|label|marquage|certificacion|certificado"
    r"|marca|marcado)\b|强制性?认证|认证|标志|标识|证书"
)


_MOST_ALIKE: Final = 4  #: values shown that are like what was asked for


class ChoiceError(ValueError):
    """A value that is not offered; the sentence is shown to the subscriber."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """All kinds, stages, objectives, schemes and duties there are, as the rules in force name them."""

    facets: Facets = field(default_factory=Facets)

    @cached_property
    def names(self) -> Mapping[Part, Mapping[str, Mapping[str, str]]]:
        """For each condition its keys, and their names by language."""
        named: dict[Part, dict[str, Mapping[str, str]]] = {
            part: {key: value.names for key, value in self.facets.of(FACETS[part]).items()} for part in _CALLED
        }
        named[Part.STAGE] = {**STAGES, **named[Part.STAGE]}
        shipped = {key for key in OBJECTIVES if kebab(key) not in named[Part.OBJECTIVE]}
        named[Part.OBJECTIVE] |= {key: OBJECTIVES[key] for key in OBJECTIVES if key in shipped}
        return named

    def find(self, part: Part, asked: str, language: str = "en") -> str:
        """The key of what is asked for by its key or its name in any language.

        Raises `ChoiceError`, a sentence with what resembles it or has it in its name, or else with all there are, each
        by its name in `language` and its key.
        """
        keys, plain = self._keys[part], _plain(asked)
        if (found := keys.get(plain)) is not None:
            return found
        if part is Part.SCHEME and (found := self.scheme(asked)) is not None:
            return found
        called = _CALLED[part]
        if not keys:
            raise ChoiceError(
                said("{asked!r} is not a {called}: the rules in force name none", asked=asked, called=called)
            )
        near = [keys[one] for one in difflib.get_close_matches(plain, sorted(keys), n=2, cutoff=0.6)]
        within = [key for name, key in sorted(keys.items()) if len(plain) > 1 and plain in name]
        if alike := list(dict.fromkeys((*within, *near)))[:_MOST_ALIKE]:
            hint = said("did you mean {several}?", several=either(self._called(part, key, language) for key in alike))
        else:
            every = (self._called(part, key, language) for key in sorted(set(keys.values())))
            hint = said("choose among {several}", several=", ".join(every))
        raise ChoiceError(said("{asked!r} is not a known {called}; {hint}", asked=asked, called=called, hint=hint))

    def _called(self, part: Part, key: str, language: str) -> str:
        """A value as it is offered: its key, and its name if that is another."""
        name = self.name(part, key, language)
        return repr(key) if _plain(name) == _plain(key) else f"{key!r} ({name})"

    def scheme(self, said: str) -> str | None:
        """The scheme that is meant by a name as people say it: "CE certification", "CE认证"; None: none."""
        keys, plain = self._keys[Part.SCHEME], _plain(said)
        return keys.get(plain) or (self._bare.get(_bare(plain)) if _bare(plain) else None)

    def certification(self, said: str) -> str | None:
        """The scheme that is named with a word that says what it is: "CE certification", not "CE" alone."""
        return self.scheme(said) if _BESIDE_A_SCHEME.search(_plain(said)) else None

    def name(self, part: Part, key: str, language: str) -> str:
        """What a value is called; a standard by its number, what is not known by its key."""
        if part is Part.STANDARD:
            return key
        known = self.names.get(part, {})
        found = known.get(key) or known.get(kebab(key)) or known.get(key.replace("-", "_"))
        return name_in(found, language) if found else key

    @cached_property
    def _keys(self) -> Mapping[Part, Mapping[str, str]]:
        """The key of each value by all that it may be called."""
        found: dict[Part, dict[str, str]] = {}
        for part, named in self.names.items():
            keys = found.setdefault(part, {})
            for key in named:
                keys.setdefault(_plain(key), key)
            for key, names in named.items():
                for name in names.values():
                    keys.setdefault(_plain(name), key)
        return found

    @cached_property
    def _bare(self) -> Mapping[str, str]:
        """The key of each scheme by its names without the words beside; what two would share means neither."""
        found: dict[str, str | None] = {}
        for plain, key in self._keys[Part.SCHEME].items():
            if bare := _bare(plain):
                found[bare] = key if found.get(bare, key) == key else None
        return {bare: key for bare, key in found.items() if key is not None}


def kebab(key: str) -> str:
    """A key as keys are compared: "human_health" and "human-health" are one."""
    return key.replace("_", "-")


def asked_form(part: Part, asked: str) -> str:
    """A value of a further condition as it is compared with what was found."""
    if part in FACETS and part is not Part.STANDARD:
        return kebab(asked)
    return standard_form(asked) if part is Part.STANDARD else asked


def _plain(name: str) -> str:
    """A name as names are compared: case, width, accents, hyphens and underscores make no difference."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    without = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", " ", without).strip()


def _bare(plain: str) -> str:
    return " ".join(_BESIDE_A_SCHEME.sub(" ", plain).split())
