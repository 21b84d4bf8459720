"""What every answer of the API is made from, and what a token must be good for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal, cast
from urllib.parse import urlencode

from fastapi import Depends, Path, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.tokens import OWN, Scope
from tbtwatch.storage.tokens import ApiToken
from tbtwatch.web.api.guard import Caller
from tbtwatch.web.api.problems import ProblemError, ProblemShape
from tbtwatch.web.site import Site

ROOT: Final = "/api/v1"
MOST: Final = 100  # of anything in one answer
LARGEST: Final = 2**63 - 1
Language = Literal["en", "zh"]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="Its number.", examples=[1])]

#: Only for its description: the token is read before (`guard`).
BEARER: Final = HTTPBearer(auto_error=False, scheme_name="token", description="`Authorization: Bearer tbtw_…`")
PROBLEMS: Final = {
    401: "The token opens nothing.",
    403: "The token is not good for this.",
    404: "There is no such thing, or it is another's.",
    422: "A parameter cannot be understood.",
    429: "Too many requests.",
    503: "The database does not answer just now.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One request, and what it is answered from."""

    site: Site
    request: Request
    caller: Caller

    @property
    def desk(self) -> Desk:
        """The service."""
        return self.site.desk

    @property
    def now(self) -> datetime:
        """The moment, where the service is."""
        return self.desk.clock().astimezone(self.desk.names.zone)

    @property
    def today(self) -> date:
        """The day, where the service is."""
        return self.now.date()

    @property
    def enterprise(self) -> int:
        """Whose belongings may be read. Raises ProblemError: nobody's."""
        token = self.caller.token
        if token is None or token.enterprise_id is None:
            raise ProblemError(403, "This token belongs to no enterprise, so there is nothing of its own to show.")
        return token.enterprise_id

    def further(self, cursor: str) -> str:
        """The address of what comes next: as it was asked, from another place on."""
        pairs = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        address = f"{self.request.url.path}?{urlencode([*pairs, ('cursor', cursor)])}"
        self.request.state.next = address  # said in the header `Link` as well
        return address


def ground(request: Request) -> Ground:
    """What a request is answered from."""
    return Ground(site=cast(Site, request.app.state.site), request=request, caller=request.state.caller)


OnGround = Annotated[Ground, Depends(ground)]


def for_anybody(scope: Scope) -> Callable[..., None]:
    """What anybody may read; a token that is shown must be good for it all the same."""

    def allowed(request: Request, _shown: Annotated[object, Security(BEARER)] = None) -> None:
        token: ApiToken | None = request.state.caller.token
        if token is not None and scope not in token.scopes:
            raise _not_good(scope, "; ask without a token, or with one that is")

    return allowed


def with_token(scope: Scope) -> Callable[..., None]:
    """What only a token opens that is good for it."""

    def allowed(request: Request, _shown: Annotated[object, Security(BEARER)] = None) -> None:
        token: ApiToken | None = request.state.caller.token
        if token is None:
            of = " of an enterprise" if scope in OWN else ""
            raise ProblemError(
                401,
                f"This is read with a token{of} that is good for {scope}. Show it in the header Authorization, "
                "after Bearer.",
                headers={"WWW-Authenticate": f'Bearer realm="tbtwatch", scope="{scope}"'},
            )
        if scope not in token.scopes:
            raise _not_good(scope, "; ask for one that is")

    return allowed


def _not_good(scope: Scope, what_then: str) -> ProblemError:
    challenge = f'Bearer realm="tbtwatch", error="insufficient_scope", scope="{scope}"'
    return ProblemError(403, f"This token is not good for {scope}{what_then}.", headers={"WWW-Authenticate": challenge})


def problems(*statuses: int) -> dict[int | str, dict[str, object]]:
    """How these problems are described."""
    return {
        status: {
            "description": PROBLEMS[status],
            "model": ProblemShape,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}},
        }
        for status in (*statuses, 401, 403, 422, 429, 503)
    }
