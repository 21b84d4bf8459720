"""What asking for agencies, for sources and for single measures means, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from rules.classification import Classification, Grade
from subscriptions.criteria import Condition, Criteria, Match, Part, Refusal, criteria_key
from subscriptions.index import SubscriptionIndex
from subscriptions.known import Known
from subscriptions.matching import read, wanted
from subscriptions.validation import CriteriaError, check
from subscriptions.words import describe, explain
from tests.builders import a_measure, a_subscription
from tests.subscriptions.places import places
from watcher.measure import ChangeKind, FactChange

MARKETS = places()
SAUDI = "Saudi Standards, Metrology and Quality Organization (SASO)"


def answer(asked: dict[str, Any], **measure: Any) -> Match | Refusal:
    """The reading of one subscription against one measure, which the index must agree with."""
    subscription, subject = a_subscription(**asked), a_measure(**measure)
    found = read(subscription, subject, Classification(), MARKETS)
    by_index = SubscriptionIndex([subscription], MARKETS).match(subject, Classification())
    assert by_index == ([found] if isinstance(found, Match) else [])
    return found


@pytest.mark.parametrize(
    ("asked", "agency", "found"),
    [
        ("SASO", SAUDI, "SASO"),
        ("saudi standards, metrology", SAUDI, "Saudi Standards, Metrology"),
        ("Ministere de l'industrie", "Ministère de l’Industrie et du Commerce", "Ministère de l’Industrie"),
        ("标准局", "特立尼达和多巴哥标准局", "标准局"),
        ("標準局", "特立尼达和多巴哥标准局", "标准局"),
        ("SASO", "Sasol Standards Office", ""),
        ("SASO", "", ""),
    ],
)
def test_a_phrase_of_the_agencys_name_is_enough(asked: str, agency: str, found: str) -> None:
    """In whatever language, case, accents and characters it is written; but whole words."""
    got = answer({"agencies": {asked}}, responsible_agency=agency)
    if found:
        assert isinstance(got, Match) and got.grade is Grade.DIRECT
        assert got.conditions == (Condition(part=Part.AGENCY, asked=asked, found=found, field="responsible_agency"),)
    else:
        assert isinstance(got, Refusal) and (got.part, got.found) == (Part.AGENCY, agency)


def test_of_several_sources_one_is_enough_and_market_and_product_must_hold_too() -> None:
    """What is asked for besides is asked for still."""
    asked = {"sources": {"eping", "gazette"}, "markets": {"KEN"}}
    assert isinstance(answer(asked, sources=("gazette", "workbook")), Match)
    refused = answer(asked, sources=("workbook",))
    assert isinstance(refused, Refusal)
    assert (refused.part, refused.asked, refused.found) == (Part.SOURCE, "eping, gazette", "workbook")
    elsewhere = answer(asked, sources=("gazette",), notifying_members=("VNM",))
    assert isinstance(elsewhere, Refusal) and elsewhere.part is Part.MARKET


def test_a_measure_is_followed_by_any_of_its_symbols_whatever_it_is_about() -> None:
    """Also one that was joined with it; a number of another issuer is another measure."""
    asked = {"measures": {"G/TBT/N/UGA/20"}}
    joined = answer(asked, threads=("G/TBT/N/KEN/1514", "G/TBT/N/UGA/20"), notifying_members=("KEN", "UGA"))
    assert isinstance(joined, Match) and joined.grade is Grade.DIRECT
    assert isinstance(answer(asked, threads=("G/TBT/N/KEN/1514",)), Refusal)
    federal = {"measures": {"US-FR 2026-04411"}}
    assert isinstance(answer(federal, issuer="US-FR", threads=("2026-04411",)), Match)
    assert isinstance(answer(federal, issuer="CA-CG", threads=("2026-04411",)), Refusal)


def test_a_follower_is_told_every_change_of_a_fact_that_is_wanted() -> None:
    """All but clerical corrections, unless they were asked for as well."""
    follower = a_subscription(measures={"G/TBT/N/KEN/1514"})
    changes = [FactChange(kind=kind, symbols=("G/TBT/N/KEN/1514/Add.1",)) for kind in ChangeKind]
    assert {change.kind for change in wanted(follower, changes)} == set(ChangeKind) - {ChangeKind.CORRECTED}


def test_each_is_said_in_words() -> None:
    """What is asked, what met it, and what is there instead, in both languages."""
    asked = Criteria(
        agencies=frozenset({"SASO", "Ministry of Trade, Industry and Energy"}),
        sources=frozenset({"eping"}),
        measures=frozenset({"G/TBT/N/KEN/1514"}),
    )
    words = describe(asked, "en")
    assert "responsible agency: “Ministry of Trade, Industry and Energy” or “SASO”" in words
    assert "reported by: eping; follows: G/TBT/N/KEN/1514;" in words
    assert "负责机构：“Ministry of Trade, Industry and Energy” 或 “SASO”；信息源：eping；关注：" in describe(
        asked, "zh"
    )

    met = answer({"agencies": {"标准局", "sasos"}, "sources": {"eping"}}, responsible_agency=SAUDI, sources=("eping",))
    assert explain(met, "en") == "Fits: responsible agency “sasos” (“SASO”) + source eping."
    followed = answer({"measures": {"G/TBT/N/KEN/1514"}})
    assert explain(followed, "en") == "Fits: you follow G/TBT/N/KEN/1514."
    assert explain(followed, "zh") == "符合：您关注 G/TBT/N/KEN/1514。"

    refused = {
        "agency": answer({"agencies": asked.agencies}, responsible_agency="KEBS"),
        "no agency": answer({"agencies": {"SASO"}}),
        "source": answer({"sources": {"eping"}}, sources=("workbook",)),
        "measure": answer({"measures": {"G/TBT/N/EU/1"}}),
    }
    assert {name: explain(one, "en") for name, one in refused.items()} == {
        "agency": "Does not fit: responsible agency — you subscribe to “Ministry of Trade, Industry and Energy” or "
        "“SASO”; this measure is of “KEBS”.",
        "no agency": "Does not fit: responsible agency — you subscribe to “SASO”; this measure names no agency.",
        "source": "Does not fit: source — you subscribe to eping; this measure was reported by workbook.",
        "measure": "Does not fit: measure — you follow G/TBT/N/EU/1; this is G/TBT/N/KEN/1514.",
    }
    assert explain(refused["source"], "zh") == "不符合：信息源 —— 您订阅 eping，本措施来自 workbook。"


def refusal(known: Known | None = None, **asked: set[str]) -> tuple[str, ...]:
    """The sentences with which criteria are refused."""
    with pytest.raises(CriteriaError) as caught:
        check(Criteria(**{name: frozenset(values) for name, values in asked.items()}), MARKETS, (), known=known)
    return caught.value.problems


def test_what_is_not_there_cannot_be_asked_for() -> None:
    """A sentence with what is near; an agency of one letter stands nearly everywhere."""
    known = Known(sources={"eping": "WTO ePing API", "us-federal-register": "Federal Register"})
    assert refusal(known, sources={"epng"}) == ("'epng' is not a source; did you mean 'eping'?",)
    assert refusal(known, sources={"register"}) == ("'register' is not a source; did you mean 'us-federal-register'?",)
    assert refusal(known, sources={"zzz"}) == ("'zzz' is not a source; `tbtwatch sources` lists them",)
    assert check(Criteria(sources=frozenset({"federal register", "EPING"})), MARKETS, (), known=known).sources == {
        "eping",
        "us-federal-register",
    }
    assert "single letter" in refusal(agencies={"S"})[0]
    assert "single letter" in refusal(agencies={"局"})[0]
    assert "no letter" in refusal(agencies={"--"})[0]
    assert "give a part of its name" in refusal(agencies={"Ministry " * 40})[0]


def test_one_spelling_of_an_agency_is_kept() -> None:
    """Quotes and blanks around it, case and accents make no other question."""
    checked = check(Criteria(agencies=frozenset({' "SASO" ', "saso", "Saso"})), MARKETS, ())
    assert len(checked.agencies) == 1


def test_who_asks_for_none_of_them_asks_what_was_asked_before() -> None:
    """The key of a question is the one it had, letter for letter; with one of them it is another."""
    plain = Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22"}))
    assert criteria_key(plain) == "1afdd03ea434d7c6a6205c43bce3a1b097ae15694"
    keys = {
        criteria_key(Criteria(markets=plain.markets, hs=plain.hs, **{name: frozenset({"x"})}))  # type: ignore[arg-type]
        for name in ("agencies", "sources", "measures")
    }
    assert len(keys) == 3 and criteria_key(plain) not in keys
