"""The service itself: what there is, what its sources cover, and by which rules it classifies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from rules.rule import Rule
from tbtwatch import __version__
from tbtwatch.pipeline.tokens import Scope
from tbtwatch.pipeline.watchkeeping import as_known
from tbtwatch.web.api.ground import ROOT, OnGround, for_anybody, problems, with_token
from tbtwatch.web.api.models.service import (
    Coverage,
    CoverageOf,
    Index,
    RuleOf,
    Rules,
    RuleVersion,
    RuleVersions,
    TokenOf,
)
from tbtwatch.web.api.problems import ProblemError

about = APIRouter(tags=["service"])
sources = APIRouter(tags=["sources"], dependencies=[Depends(for_anybody(Scope.SOURCES))])
rules = APIRouter(tags=["rules"], dependencies=[Depends(with_token(Scope.RULES))])
_MOST_VERSIONS = 200


@about.get("/", operation_id="index", summary="What there is", responses=problems())
def index(on: OnGround) -> Index:
    """The addresses of this API, and what the token that is shown is good for."""
    token = on.caller.token
    return Index(
        version=__version__,
        openapi=f"{ROOT}/openapi.json",
        reference="/en/api",
        measures=f"{ROOT}/measures",
        search=f"{ROOT}/search",
        sources=f"{ROOT}/sources",
        rules=f"{ROOT}/rules",
        subscriptions=f"{ROOT}/subscriptions",
        deliveries=f"{ROOT}/deliveries",
        token=None
        if token is None
        else TokenOf(
            name=token.name,
            scopes=sorted(token.scopes),
            enterprise=token.enterprise or None,
            expires_at=token.expires_at,
        ),
    )


@sources.get("/sources", operation_id="coverage", summary="What is looked at", responses=problems())
def coverage(on: OnGround) -> Coverage:
    """The sources in use: how each is, and since when it is not known what one publishes."""
    used = [one for one in on.desk.sources if one.config.enabled and one.resting() is None]
    told = []
    now = on.desk.clock()
    with on.desk.storage.look() as tx:
        states = tx.sources.states_of([one.config.name for one in used])
        gaps = tx.health.open_gaps()
        documents = tx.notices.counts()["notices"]
        for source in sorted(used, key=lambda one: one.config.name):
            config, health = source.config, as_known(source, tx, now)
            state, gap = states.get(config.name), gaps.get(config.name)
            told.append(
                CoverageOf(
                    name=config.name,
                    title=config.title,
                    market=config.market,
                    state=health.state,
                    since=health.since,
                    read_at=state.succeeded_at if state else None,
                    last_new=health.last_new,
                    expected_per_week=config.expected_per_week,
                    gap_since=gap.since if gap else None,
                )
            )
    return Coverage(as_of=now.replace(second=0, microsecond=0), documents=documents, sources=told)


@rules.get("/rules", operation_id="list_rules", summary="The rules in force", responses=problems())
def list_rules(on: OnGround) -> Rules:
    """The rules that measures are classified by now."""
    with on.desk.storage.look() as tx:
        known = on.desk.rulebook.in_force(tx)
    return Rules(version=known.version, rules=[_rule(one) for one in known.rules])


@rules.get("/rules/versions", operation_id="rule_versions", summary="All versions", responses=problems())
def versions(on: OnGround) -> RuleVersions:
    """The versions of the rules, the newest first."""
    with on.desk.storage.look() as tx:
        known = tx.rulesets.all()
    newest = sorted(known, key=lambda one: one.version, reverse=True)[:_MOST_VERSIONS]
    return RuleVersions(
        versions=[
            RuleVersion(
                version=one.version,
                state=one.state,
                made_at=one.made_at,
                published_at=one.published_at,
                retired_at=one.retired_at,
                why=one.why,
            )
            for one in newest
        ]
    )


@rules.get("/rules/{name}", operation_id="rule", summary="One rule in force", responses=problems(404))
def rule(
    on: OnGround, name: Annotated[str, Path(max_length=80, description="Its name.", examples=["toys-by-hs"])]
) -> RuleOf:
    """A rule in force, whole."""
    with on.desk.storage.look() as tx:
        known = on.desk.rulebook.in_force(tx)
    found = next((one for one in known.rules if one.name == name), None)
    if found is None:
        raise ProblemError(404, f"No rule in force is called {name!r}.")
    return _rule(found)


def _rule(one: Rule) -> RuleOf:
    # Who wrote it is a person's name, and no program's business.
    return RuleOf(name=one.name, kind=one.kind, content=one.model_dump(mode="json", exclude={"by"}))
