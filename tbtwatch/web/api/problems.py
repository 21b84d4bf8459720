"""What is wrong, said to a program as a person would be told (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tbtwatch.storage.own import NotOwnError

MEDIA_TYPE = "application/problem+json"
_CUT = 200  #: characters of what was asked that an answer repeats


class Mistake(BaseModel):
    """One thing that is wrong in a request."""

    where: str = Field(description="The parameter.", examples=["market"])
    detail: str = Field(description="What is wrong with it, and what to write instead.")


class ProblemShape(BaseModel):
    """What is wrong."""

    type: str = Field(description="`about:blank`: the status says which kind of problem it is.")
    title: str = Field(description="The kind of problem.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="A sentence for people.", examples=["There is no measure 17 here."])
    errors: list[Mistake] | None = Field(None, description="Of a request that cannot be understood: each mistake.")
    near: list[str] | None = Field(None, description="Of a symbol that is not known: symbols that are and look alike.")


class ProblemError(Exception):
    """The request cannot be answered; the sentence says what to do."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **further: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.further = status, detail, dict(headers or {}), further


def wrong(where: str, detail: str) -> ProblemError:
    """A parameter that asks for what there is not."""
    return wrong_all([Mistake(where=where, detail=detail)])


def wrong_all(mistakes: Sequence[Mistake]) -> ProblemError:
    """Parameters that cannot be understood."""
    said = " ".join(f"{one.where}: {one.detail}{'' if one.detail[-1:] in '.?' else '.'}" for one in mistakes[:3])
    return ProblemError(422, said, errors=[one.model_dump() for one in mistakes[:20]])


def answered(problem: ProblemError) -> Response:
    """The answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.further,
    }
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status_code=problem.status, media_type=MEDIA_TYPE, headers=problem.headers)


# --- from what others raise


async def of_problem(request: Request, error: Exception) -> Response:  # noqa: ARG001 - all are called alike
    """One of ours."""
    assert isinstance(error, ProblemError)
    return answered(error)


async def of_own(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Nothing of the asker's."""
    assert isinstance(error, NotOwnError)
    return answered(ProblemError(404, str(error.args[0])))


async def of_status(request: Request, error: Exception) -> Response:
    """No such address, or not asked for in this way."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        detail = "There is nothing at this address. /api/v1/ lists what there is."
    elif error.status_code == 405:
        detail = f"This address is only read; {request.method} does nothing here. Ask with GET."
    else:
        detail = f"The request cannot be answered: {error.detail}."
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = "GET, HEAD"
    return answered(ProblemError(error.status_code, detail, headers=headers))


async def of_validation(request: Request, error: Exception) -> Response:
    """Parameters that do not fit."""
    assert isinstance(error, RequestValidationError)
    known = _names(request)
    return answered(wrong_all([_mistake(one, known) for one in error.errors()]))


def known_only(request: Request) -> None:
    """Refuse a parameter that an address does not have. Raises ProblemError."""
    known = _names(request)
    if strangers := [name for name in request.query_params if name not in known]:
        raise wrong_all([Mistake(where=name[:_CUT], detail=_no_such(known)) for name in strangers])


def _no_such(known: Sequence[str]) -> str:
    return f"there is no such parameter; there are {', '.join(sorted(known))}." if known else "there are no parameters."


def _names(request: Request) -> list[str]:
    """The parameters that an address has."""
    route = request.scope.get("route")
    found: list[str] = []
    for field in _fields(getattr(route, "dependant", None)):
        model = getattr(field.field_info, "annotation", None)
        found += getattr(model, "model_fields", None) or [field.alias]
    return found


def _fields(dependant: Any) -> Iterator[Any]:
    """The parameters of an address, and of what it rests on."""
    if dependant is not None:
        yield from dependant.query_params
        for below in dependant.dependencies:
            yield from _fields(below)


def _mistake(error: Any, known: Sequence[str]) -> Mistake:
    where = ".".join(str(part) for part in error["loc"][1:] if not isinstance(part, int))[:_CUT] or "request"
    if error["type"] == "extra_forbidden":
        return Mistake(where=where, detail=_no_such(known))
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    given = str(error.get("input", ""))[:_CUT]
    return Mistake(where=where, detail=f"{said} (given: {given!r}).")
