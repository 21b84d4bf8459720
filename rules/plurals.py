"""Plain plurals and singulars of English, French and Spanish words, by their endings.

No dictionary and no language guess: a word gets the forms that any of the three languages would give it. A form
that is no word ("metales" of English "metal") costs nothing, it just never occurs. A rule is left out where the
form would be another common word ("plan" → "planes").
"""

from __future__ import annotations

from functools import lru_cache

#: Words whose singular or plural by the rules would be another word, or which have none.
_FIXED = frozenset(
    {"goods", "good", "news", "new", "arms", "means", "mean", "series", "species", "always", "less", "does", "customs"}
    | {"custom", "corps", "poids", "jus", "bois", "tapis", "temps", "cours", "pays", "dies"}
)

#: Plurals that mean something else than their singular (glasses are worn, chemical is an adjective): a phrase that
#: ends in one does not occur in the singular, while the singular still occurs in the plural.
_PLURAL_ONLY = frozenset({"glasses", "chemicals", "spirits", "electronics"})

#: English plurals that no ending tells.
_IRREGULAR = {
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "lens": "lenses",
}
_REGULAR_AGAIN = {plural: singular for singular, plural in _IRREGULAR.items()}

_HISSING = ("s", "x", "z", "ch", "sh")
_VOWELS = "aeiou"


@lru_cache(maxsize=65536)
def forms(word: str) -> frozenset[str]:
    """The word with its plain plurals and singulars.

    `word` is one folded word (lower case, no accents). Words of one or two letters stay as they are.
    """
    if len(word) < 3 or word in _FIXED or word in _PLURAL_ONLY:
        return frozenset({word})
    singular_words = singulars(word)
    found = {word, *singular_words, *plurals(word)}
    return frozenset(found - _FIXED)


def plurals(word: str) -> frozenset[str]:
    """Plurals by ending; empty if the word looks like a plural already."""
    if word in _IRREGULAR:
        return frozenset({_IRREGULAR[word]})
    if word in _REGULAR_AGAIN:
        return frozenset()
    found: set[str] = set()
    if word.endswith("y") and word[-2] not in _VOWELS:
        found.add(word[:-1] + "ies")
    elif word.endswith(_HISSING):
        found.add(word + "es")
    else:
        found.add(word + "s")
    if word.endswith("z"):
        found.add(word[:-1] + "ces")
    if word.endswith(("au", "eu")):
        found.add(word + "x")
    if word.endswith("al"):
        found.add(word[:-2] + "aux")
    if word.endswith("f"):
        found.add(word[:-1] + "ves")
    if word.endswith("fe"):
        found.add(word[:-2] + "ves")
    if word.endswith("o"):
        found.add(word + "es")
    if len(word) >= 5 and word.endswith(("l", "n", "r", "d", "j")):
        found.add(word + "es")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        found.discard(word + "es")  # "toys" is a plural itself
        if len(word) == 3:
            found.add(word + "es")  # "gas", "bus"
    return frozenset(found)


def singulars(word: str) -> frozenset[str]:
    """Singulars by ending; empty if the word looks like a singular already."""
    if word in _REGULAR_AGAIN:
        return frozenset({_REGULAR_AGAIN[word]})
    found: set[str] = set()
    if word.endswith("s") and len(word) >= 4 and not word.endswith(("ss", "us", "is")):
        found.add(word[:-1])
    if word.endswith("ies") and len(word) >= 5:
        found.add(word[:-3] + "y")
    if word.endswith("ves") and len(word) >= 5:
        found |= {word[:-3] + "f", word[:-3] + "fe"}
    if word.endswith("ces") and len(word) >= 5:
        found.add(word[:-3] + "z")
    if word.endswith("es"):
        stem = word[:-2]
        if (stem.endswith(_HISSING) and len(stem) >= 3) or (stem.endswith("o") and len(stem) >= 4):
            found.add(stem)
        if len(stem) >= 5 and stem.endswith(("l", "n", "r", "d", "j")):
            found.add(stem)
    if word.endswith(("aux", "eux")):
        found.add(word[:-1])
    if word.endswith("aux") and len(word) >= 6:
        found.add(word[:-3] + "al")
    return frozenset(found)


def singular(word: str) -> str:
    """One form for a word and its plain plurals, to compare words by: the shortest of its singulars.

    It need be no word; "gas" and "gases", "cheval" and "chevaux", "luz" and "luces" come to one.
    """
    if len(word) < 3 or word in _FIXED or word in _PLURAL_ONLY:
        return word
    return min(singulars(word) | {word}, key=lambda form: (len(form), form))


def agreeing(phrase: str) -> tuple[str, ...]:
    """A French or Spanish phrase with its words put into plural or singular together.

    "machine à laver" → "machines à laver" (the head alone), "jouet électrique" → "jouets électriques" (all words of
    four letters or more). Forms that are no French or Spanish cost nothing.
    """
    words = phrase.casefold().split()
    if len(words) < 2:
        return ()
    found: set[str] = set()
    for change in (_plural, _singular):
        found.add(" ".join([change(words[0]), *words[1:]]))
        found.add(" ".join([*(change(word) for word in words[:2]), *words[2:]]))
        found.add(" ".join(change(word) if len(word) >= 4 else word for word in words))
    return tuple(sorted(found - {" ".join(words)}))


def _plural(word: str) -> str:
    """The likeliest plural of a French or Spanish word; the word itself if it looks like one."""
    if word.endswith(("s", "x")):
        return word
    if word.endswith(("eau", "eu")):
        return word + "x"
    if word.endswith("z"):
        return word[:-1] + "ces"
    if word.endswith(("ión", "ion")):
        return word[:-3] + "iones"
    if word.endswith(("or", "ar", "er", "ón", "ín", "án", "én", "ad", "ol", "il")):
        return word + "es"
    return word + "s"


def _singular(word: str) -> str:
    """The likeliest singular of a French or Spanish word; the word itself if it looks like one."""
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith(("iones", "ores", "ares", "eres", "ades")):
        return word[:-2]
    if word.endswith("s") and len(word) >= 4 and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
