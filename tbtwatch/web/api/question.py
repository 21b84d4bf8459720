"""What the parameters of a request ask. Unlike on the page, what is not understood is refused: a program that
mistypes a filter must not be answered as if it had set none."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.classification import Facet
from subscriptions.choices import STAGES
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.look.asked import RELEVANCE, Asked
from tbtwatch.pipeline.look.walking import LARGEST, Place
from tbtwatch.web.api.ground import MOST, Language
from tbtwatch.web.api.problems import Mistake, wrong, wrong_all

_HS = re.compile(r"[0-9]{2,10}")
_ICS = re.compile(r"[0-9]{2}(?:\.[0-9]{3}(?:\.[0-9]{2})?)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURSOR = re.compile(r"([0-9a-f]{8}):([0-9]):([0-9]{1,7}):([0-9]{1,10})")


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write a day as 2026-03-01")
    return value


def _yes(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("write true or false")
    return value


Some = Annotated[list[str], Field(max_length=30)]
Yes = Annotated[bool, BeforeValidator(_yes)]


class Filters(BaseModel):
    """Filters. Several values of one mean any of them, several filters all of them."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=300)] = Field(
        "",
        description='Words that must all occur; "quotation marks" make a phrase, -word excludes. A word that names a '
        "market, a product area or goods finds those measures besides.",
        examples=["lithium battery"],
    )
    market: Some = Field(
        default_factory=list, description="A Member or a group: KEN, Kenya, 肯尼亚, EAC.", examples=[["KEN"]]
    )
    area: Some = Field(default_factory=list, description="A product area by its key.", examples=[["batteries"]])
    kind: Some = Field(default_factory=list, description="A kind of measure by its key.", examples=[["labelling"]])
    stage: Some = Field(default_factory=list, description=f"A stage: {', '.join(STAGES)}.", examples=[["draft"]])
    hs: Some = Field(
        default_factory=list, description="An HS code or its beginning, 2 to 10 digits.", examples=[["8507"]]
    )
    ics: Some = Field(default_factory=list, description="An ICS code or its beginning.", examples=[["29.220"]])
    open: Yes = Field(False, description="Only what takes comments today.")
    since: Annotated[date, BeforeValidator(_day)] | None = Field(
        None, description="Whose latest document came out on that day or later.", examples=["2026-01-01"]
    )
    language: Language = Field("en", description="In which names are told.")

    def asked(self, desk: Desk) -> Asked:
        """What is asked. Raises ProblemError with every mistake."""
        mistakes: list[Mistake] = []

        def each(name: str, values: Iterable[str], read: Callable[[str], str]) -> tuple[str, ...]:
            found = []
            for value in values:
                try:
                    found.append(read(value.strip()))
                except ValueError as error:
                    mistakes.append(Mistake(where=name, detail=str(error)[:300]))
            return tuple(dict.fromkeys(found))

        names = desk.names
        kinds = names.choices.facets.of(Facet.KIND)
        asked = Asked(
            text=" ".join("".join(c if c.isprintable() else " " for c in self.q).split()),
            markets=each(
                "market", self.market, lambda v: v if v in names.markets.members else names.markets.resolve(v)
            ),
            areas=each("area", self.area, lambda v: _one_of(v, list(names.areas), "product area")),
            kinds=each("kind", self.kind, lambda v: _one_of(v, list(kinds), "kind of measure")),
            stages=each("stage", self.stage, lambda v: _one_of(v, list(STAGES), "stage")),
            hs=each("hs", self.hs, lambda v: _code(v.replace(".", ""), _HS, "HS code; write 2 to 10 digits: 8507.60")),
            ics=each("ics", self.ics, lambda v: _code(v, _ICS, "ICS code; write 29, 29.220 or 29.220.30")),
            open=self.open,
            since=self.since,
        )
        if mistakes:
            raise wrong_all(mistakes)
        return asked


class Walking(Filters):
    """Filters, and which of what fits."""

    sort: Literal["relevance", "newest", "deadline", "recorded"] | None = Field(
        None,
        description="`newest` document first; `relevance`: all words in the title first (with `q`, the default); "
        "`deadline`: what closes first; `recorded`: as they were recorded, the oldest first: nothing is missed or "
        "comes twice, whatever is added meanwhile.",
    )
    limit: int = Field(25, ge=1, le=MOST, description="How many at once.")
    cursor: str = Field("", max_length=80, description="From an earlier answer's `next`.")

    def order(self, asked: Asked) -> str:
        """In which order."""
        return self.sort or (RELEVANCE if asked.text else "newest")

    def mark(self, asked: Asked) -> str:
        """Of the question: a place is good for one question alone."""
        return sha256(f"{self.order(asked)} {asked.query()}".encode("utf-8", "replace")).hexdigest()[:8]

    def place(self, asked: Asked) -> Place | None:
        """Where to go on. Raises ProblemError."""
        if not self.cursor:
            return None
        found = _CURSOR.fullmatch(opened(self.cursor))
        if found is None or int(found[4]) > LARGEST:
            raise wrong("cursor", "this is no cursor; take it from an answer's `next`, or leave it out.")
        if found[1] != self.mark(asked):
            raise wrong("cursor", "this cursor belongs to another question; ask with the address in `next` as it is.")
        return Place(int(found[2]), int(found[3]), int(found[4]))

    def cursor_of(self, place: Place, asked: Asked) -> str:
        """The cursor of a place."""
        return sealed(f"{self.mark(asked)}:{place.group}:{place.day}:{place.id}")


def sealed(text: str) -> str:
    """As it stands in an address. Nobody need read it, but it is no secret."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """What was sealed; "" if it is nothing of ours."""
    try:
        return urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, UnicodeError):
        return ""


def number_in(cursor: str) -> int | None:
    """A cursor that is a number; None: there is none. Raises ProblemError."""
    if not cursor:
        return None
    text = opened(cursor)
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise wrong("cursor", "this is no cursor; take it from an answer's `next`, or leave it out.")
    return int(text)


def _one_of(value: str, known: Sequence[str], what: str) -> str:
    if value in known:
        return value
    near = get_close_matches(value.lower(), known, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known)[:40])}"
    raise ValueError(f"{value[:60]!r} is no {what}; {hint}")


def _code(value: str, form: re.Pattern[str], what: str) -> str:
    if form.fullmatch(value):
        return value
    raise ValueError(f"{value[:60]!r} is no {what}")
