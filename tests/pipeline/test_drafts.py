"""Drafts of the rules: made of changes, files and releases; none edits a version, none undoes what came between."""

from __future__ import annotations

from typing import Any

import pytest

from rules.difference import counted, differences
from rules.rule import RuleError
from rules.vocabulary import Term, Vocabulary
from tbtwatch.pipeline import drafts
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.rule_files import RuleFile, rule_file
from tbtwatch.storage import Storage
from tbtwatch.storage.rulesets import RuleSetVersion
from tests.builders import NOW, a_measure, a_notice
from tests.pipeline.service import SmallService
from tests.pipeline.small_rules import AREAS, FOOD, TOYS, WORDS, SmallRulebook, back_tested

PUPPETS = {**WORDS, "name": "puppets", "any": {"en": ["puppet"]}}
DOLLS = {**WORDS, "any": {"en": ["doll"]}}


class Shipping(SmallRulebook):
    """Rules that come with the program, and are not the operator's own."""

    is_own = False  # type: ignore[assignment]


def book() -> SmallRulebook:
    """The rule book of the tests."""
    return SmallRulebook()


def changed(storage: Storage, draft: int | None = None, *put: dict[str, Any], **over: Any) -> RuleSetVersion:
    """A draft with rules put in and taken out."""
    how: dict[str, Any] = {"by": "Li Na", "why": "a test", "rulebook": book(), "now": NOW, **over}
    return drafts.change(draft, put=[RuleFile(rules=list(put))] if put else (), storage=storage, **how)


def published(storage: Storage, draft: int) -> RuleSetVersion:
    """Put a draft into force."""
    return publish(draft, by="Li Na", storage=storage, rulebook=book(), now=NOW)


def states(storage: Storage) -> list[str]:
    """Of all versions."""
    with storage.look() as tx:
        return [version.state for version in tx.rulesets.all()]


def names(version: RuleSetVersion) -> list[str]:
    """Of its rules."""
    return [rule["name"] for rule in version.content["rules"]]


# --- change and discard


def test_a_change_is_a_draft_of_its_own(storage: Storage) -> None:
    """Rules put in, replaced and taken out; the draft before is replaced, what is in force stays as it was."""
    book().install(storage, now=NOW)
    first = changed(storage, None, PUPPETS, DOLLS, remove=["food-by-hs"])
    second = changed(storage, first.version, FOOD)

    assert (names(first), names(second)) == (
        ["puppets", "toys-by-hs", "toys-by-name"],
        ["food-by-hs", "puppets", "toys-by-hs", "toys-by-name"],
    )
    assert (first.based_on, second.based_on, second.made_by, second.why) == (1, 1, "Li Na", "a test")
    assert states(storage) == ["active", "discarded", "draft"]
    with storage.look() as tx:
        assert tx.rulesets.get(2).remark == "replaced by draft 3"
        assert counted(differences(tx.rulesets.get(1).content, second.content)) == "1 rule added, 1 rule changed"


def test_areas_and_values_of_facets_are_changed_likewise(storage: Storage) -> None:
    """A new area in a sector that is known, a new scheme, and rules that give them, in one go."""
    book().install(storage, now=NOW)
    file = rule_file(
        "areas: {lamps: {sector: goods, names: {en: Lamps}}}\nfacets: {scheme: {ce: {en: CE marking}}}\n"
        "rules: [{name: lamps, kind: keyword, areas: [lamps], gives: {scheme: [ce]}, "
        "why: Lamps bear CE marks., any: [lamp]}]",
        "x",
    )
    made = drafts.change(None, put=[file], by="x", why="y", storage=storage, rulebook=book(), now=NOW)

    assert set(made.content["areas"]["areas"]) == {"food", "lamps", "toys"}
    assert set(made.content["facets"]["scheme"]) == {"ce"}
    with pytest.raises(RuleError, match="gives the unknown area 'lamps'"):
        changed(storage, made.version, remove=["area:lamps"])


@pytest.mark.parametrize(
    ("put", "over", "sentence"),
    [
        ([{**PUPPETS, "areas": ["nowhere"]}], {}, "rule 'puppets' gives the unknown area 'nowhere'"),
        ([{**PUPPETS, "matches": ["Dolls"]}], {}, "does not match its own example"),
        ([PUPPETS, PUPPETS], {}, "stands in the set twice"),
        ([WORDS], {}, "nothing is other than in version 1"),
        ([], {"remove": ["food-by-hs", "toys-by-hs", "toys-by-name"]}, "there is no rule"),
    ],
)
def test_a_change_that_does_not_hold_leaves_nothing(
    sqlite: Storage, put: list[dict[str, Any]], over: dict[str, Any], sentence: str
) -> None:
    """One sentence, no draft."""
    book().install(sqlite, now=NOW)
    with pytest.raises(RuleError, match=sentence):
        changed(sqlite, None, *put, **over)
    with pytest.raises(LookupError, match="there is no rule 'x'"):
        changed(sqlite, None, remove=["x"])
    assert states(sqlite) == ["active"]


def test_what_was_written_beside_another_version_is_not_saved(sqlite: Storage) -> None:
    """A form that was filled in before a colleague published would put their work back; the sentence says so."""
    book().install(sqlite, now=NOW)
    published(sqlite, changed(sqlite, None, DOLLS, seen=1).version)
    with pytest.raises(RuleError, match="version 2 is in force by now, and you wrote this when version 1 was"):
        changed(sqlite, None, WORDS, seen=1)
    assert states(sqlite) == ["retired", "active"]
    assert changed(sqlite, None, WORDS, seen=2).version == 3


def test_why_a_version_was_published_or_undone_is_kept(storage: Storage) -> None:
    """With the version; and who would undo another version than they saw, undoes none."""
    book().install(storage, now=NOW)
    draft = changed(storage, None, DOLLS).version
    made = publish(draft, by="Li Na", storage=storage, rulebook=book(), now=NOW, reason="dolls alone")
    assert made.remark == "dolls alone"
    with pytest.raises(RuleError, match="version 2 is in force by now, not version 1"):
        undo(by="Li Na", storage=storage, now=NOW, seen=1)
    again = undo(by="Li Na", storage=storage, now=NOW, reason="too narrow", seen=2)
    assert again.why == "undo of version 2: the content of version 1; too narrow"
    with storage.look() as tx:
        heads = tx.rulesets.heads(2)
        assert [(one.version, one.state, one.content) for one in heads] == [(3, "active", {}), (2, "retired", {})]
        assert [one.version for one in tx.rulesets.heads(5, before=2)] == [1]


def test_only_drafts_go_on(sqlite: Storage) -> None:
    """What is in force, retired or discarded is not changed, rebased or discarded."""
    book().install(sqlite, now=NOW)
    draft = changed(sqlite, None, PUPPETS).version
    discarded = drafts.discard(draft, by="Wang Fang", why="not needed", storage=sqlite, now=NOW)
    assert (discarded.state, discarded.retired_by, discarded.remark) == ("discarded", "Wang Fang", "not needed")
    for version in (1, 2):
        with pytest.raises(RuleError, match="only drafts go on"):
            changed(sqlite, version, DOLLS)
        with pytest.raises(RuleError, match="only drafts go on"):
            drafts.rebase(version, by="x", storage=sqlite, rulebook=book(), now=NOW)
        with pytest.raises(ValueError, match="only a draft can be discarded"):
            drafts.discard(version, by="x", why="", storage=sqlite, now=NOW)
        with pytest.raises(ValueError, match="only a draft can be published"):
            published(sqlite, version)


def test_a_rule_that_matches_most_of_what_is_recorded_is_refused(sqlite: Storage) -> None:
    """Unless it says that it is meant to; a rule that gives nothing itself may."""
    book().install(sqlite, now=NOW)
    with sqlite.begin() as tx:
        for number in range(200):
            thread = f"G/TBT/N/KEN/{number}"
            tx.measures.save(a_measure(id=None, threads=(thread,), title="Drinks" if number % 2 else "Tea"), now=NOW)
    wide = {**WORDS, "name": "drinks", "any": {"en": ["jelly drinks"]}}
    with pytest.raises(RuleError, match="rule 'drinks' matches 200 of the 200 measures recorded last"):
        changed(sqlite, None, wide)
    assert states(sqlite) == ["active"]
    half = {**WORDS, "name": "half", "any": {"en": ["tea"]}}
    made = changed(sqlite, None, half, {**wide, "wide": True}, {**wide, "name": "p", "part": True, "areas": []})
    assert {"drinks", "half", "p"} <= set(names(made))


# --- export and import


def test_what_is_exported_is_imported_as_it_was(storage: Storage) -> None:
    """The same fingerprint, also in another database, if the words are in the file."""
    words = Vocabulary(hs_titles={"9503": {"en": "Toys"}}, hs_terms=(Term("9503", "zh", "玩具"),))

    class WithWords(SmallRulebook):
        def shipped(self) -> Any:
            from dataclasses import replace

            return replace(super().shipped(), vocabulary=words)

    WithWords().install(storage, now=NOW)
    published(storage, changed(storage, None, PUPPETS).version)
    with storage.look() as tx:
        first = tx.rulesets.get(1)
    text = drafts.exported(1, words=True, storage=storage)
    read = rule_file(text, "x")
    made = drafts.import_file(read, by="Li Na", why="back", storage=storage, rulebook=book(), now=NOW)

    assert (made.fingerprint, made.content, made.vocabulary) == (first.fingerprint, first.content, words.fingerprint)
    assert (made.state, made.origin, made.based_on, read.fingerprint) == ("draft", "import", 2, first.fingerprint)
    again = drafts.exported(made.version, words=False, storage=storage)
    assert again == drafts.exported(1, words=False, storage=storage)
    with storage.begin() as tx:
        assert book().load(tx, made).vocabulary.content() == words.content()


def test_importing_what_is_in_force_makes_no_draft(sqlite: Storage) -> None:
    """There is nothing to publish in it; a file without rules is none."""
    book().install(sqlite, now=NOW)
    file = rule_file(drafts.exported(None, words=False, storage=sqlite), "x")
    with pytest.raises(RuleError, match="nothing is other than in version 1"):
        drafts.import_file(file, by="x", why="y", storage=sqlite, rulebook=book(), now=NOW)
    with pytest.raises(RuleError, match="the file has no rules"):
        drafts.import_file(RuleFile(areas=AREAS), by="x", why="y", storage=sqlite, rulebook=book(), now=NOW)
    with pytest.raises(RuleError, match="is not a kind of rule"):
        drafts.import_file(
            RuleFile(rules=[{**FOOD, "kind": "x"}]), by="x", why="y", storage=sqlite, rulebook=book(), now=NOW
        )
    assert states(sqlite) == ["active"]


# --- rebase and publish


def test_a_draft_of_an_older_version_is_rebased_before_it_is_published(storage: Storage) -> None:
    """Two people change the rules; the second gets the first one's change as well, and keeps her own."""
    book().install(storage, now=NOW)
    hers, his = changed(storage, None, DOLLS), changed(storage, None, PUPPETS)
    published(storage, his.version)
    with pytest.raises(RuleError, match="run `tbtwatch rules rebase 2 --by NAME`"):
        published(storage, hers.version)
    rebased = drafts.rebase(hers.version, by="Li Na", storage=storage, rulebook=book(), now=NOW)

    assert (rebased.version, rebased.based_on, rebased.origin, rebased.conflicts) == (4, 3, "merge", [])
    assert names(rebased) == ["food-by-hs", "puppets", "toys-by-hs", "toys-by-name"]
    assert states(storage) == ["retired", "discarded", "active", "draft"]
    assert published(storage, rebased.version).version == 4
    with storage.look() as tx:
        assert [rule for rule in tx.rulesets.get(4).content["rules"] if rule["name"] == "toys-by-name"] == [
            {**DOLLS, "areas": ["toys"]}
        ]


def test_a_conflict_of_a_rebase_is_kept_with_both_texts(sqlite: Storage) -> None:
    """Hers stands, his is shown; a draft of what is in force needs no rebase."""
    book().install(sqlite, now=NOW)
    hers, his = changed(sqlite, None, DOLLS), changed(sqlite, None, {**WORDS, "any": {"en": ["puppet"]}})
    published(sqlite, his.version)
    rebased = drafts.rebase(hers.version, by="x", storage=sqlite, rulebook=book(), now=NOW)

    (conflict,) = rebased.conflicts
    assert (conflict["name"], conflict["ours"]["any"], conflict["theirs"]["any"]) == (
        "toys-by-name",
        {"en": ["doll"]},
        {"en": ["puppet"]},
    )
    with pytest.raises(RuleError, match="publish it as it is"):
        drafts.rebase(rebased.version, by="x", storage=sqlite, rulebook=book(), now=NOW)


def test_a_draft_is_published_by_its_back_test(storage: Storage) -> None:
    """Once measures are recorded: of this draft against the version in force, and within the limit or for a reason."""
    service = SmallService(storage)
    service.poll([a_notice()])
    draft, other = changed(storage, None, DOLLS).version, changed(storage, None, PUPPETS).version

    def refused(*words: str, **over: Any) -> None:
        with pytest.raises((RuleError, LookupError)) as error:
            publish(draft, by="x", storage=storage, rulebook=book(), now=NOW, **over)
        assert all(each in str(error.value) for each in words), error.value

    refused("run `tbtwatch rules backtest 2`")
    refused("there is no back-test report 7", report=7)
    much = back_tested(storage, draft, measures=100, changed=21)
    refused("the newest is report 1", "--report 1")
    refused("would make 21 of 100 measures other, more than the limit of 20%", "--beyond-limit", report=much)
    refused("report 2 is of draft 3 against version 1", report=back_tested(storage, other))
    refused("more than the limit of 0%", report=back_tested(storage, draft, changed=1), most_reclassified=0)
    version = publish(
        draft, by="x", storage=storage, rulebook=book(), now=NOW, report=much, beyond_limit="the ministry asked"
    )
    assert (version.report, version.remark, version.state) == (much, "the ministry asked", "active")


def test_undo_goes_to_what_was_in_force_and_needs_no_report(storage: Storage) -> None:
    """Never to a draft, to what was discarded, or to rules that were only shipped."""
    SmallService(storage).poll([a_notice()])
    published_one = changed(storage, None, DOLLS)
    publish(published_one.version, by="x", storage=storage, rulebook=book(), now=NOW, report=back_tested(storage, 2))
    Shipping(FOOD, TOYS, PUPPETS).install(storage, now=NOW)
    drafts.discard(4, by="x", why="y", storage=storage, now=NOW)
    undone = undo(by="x", storage=storage, now=NOW)

    with storage.look() as tx:
        assert undone.content == tx.rulesets.get(1).content
    assert states(storage) == ["retired", "retired", "shipped", "discarded", "active"]


# --- rules that come with a release


def test_a_release_is_merged_beside_what_staff_changed(storage: Storage) -> None:
    """What only it changed is taken, what staff changed stays; the rules as shipped are kept as the next base."""
    Shipping(FOOD, TOYS, WORDS).install(storage, now=NOW)
    mine = {**TOYS, "prefixes": ["9503", "9504"]}
    published(storage, changed(storage, None, mine, PUPPETS).version)
    first = Shipping({**FOOD, "prefixes": ["21", "22"]}, TOYS, WORDS).install(storage, now=NOW)

    assert states(storage) == ["retired", "active", "shipped", "draft"]
    assert (first.version.version, first.version.origin, first.version.based_on, first.version.conflicts) == (
        4,
        "merge",
        2,
        [],
    )
    by_name = {rule["name"]: rule for rule in first.version.content["rules"]}
    assert (by_name["food-by-hs"]["prefixes"], by_name["toys-by-hs"]["prefixes"]) == (["21", "22"], ["9503", "9504"])
    assert "puppets" in by_name
    assert "kept as version 3; merged into version 2" in first.sentence and "draft 4 (1 rule changed)" in first.sentence
    published(storage, 4)

    second = Shipping({**FOOD, "prefixes": ["21", "22"]}, {**TOYS, "prefixes": ["9505"]}, DOLLS).install(
        storage, now=NOW
    )
    (conflict,) = second.version.conflicts
    assert (
        conflict["name"],
        conflict["base"]["prefixes"],
        conflict["ours"]["prefixes"],
        conflict["theirs"]["prefixes"],
    ) == (
        "toys-by-hs",
        ["9503"],
        ["9503", "9504"],
        ["9505"],
    )
    assert "1 entries were changed on both sides" in second.sentence
    assert "`tbtwatch rules show 6` shows both" in second.sentence


def test_the_same_release_is_drafted_once(storage: Storage) -> None:
    """Also after its draft was discarded or changed; and one that brings nothing new makes no draft."""
    Shipping(FOOD, TOYS).install(storage, now=NOW)
    release = Shipping(FOOD, TOYS, WORDS)
    release.install(storage, now=NOW)
    drafts.discard(3, by="x", why="y", storage=storage, now=NOW)
    for _ in range(2):
        assert "are there already, as version 2" in release.install(storage, now=NOW).sentence
    assert states(storage) == ["active", "shipped", "discarded"]
    published(storage, changed(storage, None, PUPPETS).version)
    assert "bring nothing" in Shipping(FOOD, TOYS, PUPPETS).install(storage, now=NOW).sentence
    assert states(storage) == ["retired", "shipped", "discarded", "active", "shipped"]


def test_two_sides_that_do_not_hold_together_wait_for_staff(storage: Storage) -> None:
    """The draft says what is wrong, cannot be published, and is mended as any draft is."""
    b, c = {**PUPPETS, "name": "b"}, {**DOLLS, "name": "c"}
    on = {"kind": "combination", "areas": ["toys"], "why": "One rests on the other."}
    Shipping(b, c).install(storage, now=NOW)
    published(storage, changed(storage, None, {**on, "name": "c", "any": ["b"]}).version)
    release = Shipping({**on, "name": "b", "any": ["c"]}, c).install(storage, now=NOW)

    assert "rests on itself" in release.version.conflicts[0]["why"]
    with pytest.raises(RuleError, match="rests on itself"):
        published(storage, release.version.version)
    mended = changed(storage, release.version.version, c)
    assert mended.conflicts == [] and published(storage, mended.version).state == "active"


def test_a_release_that_changes_only_what_staff_changed_is_said(storage: Storage) -> None:
    """There is no draft in it, and the two texts can be compared."""
    Shipping(FOOD, WORDS).install(storage, now=NOW)
    published(storage, changed(storage, None, DOLLS).version)
    installed = Shipping(FOOD, {**WORDS, "any": {"en": ["puppet"]}}).install(storage, now=NOW)

    assert states(storage) == ["retired", "active", "shipped"]
    assert "`tbtwatch rules diff 2 3` shows them" in installed.sentence


def test_an_own_folder_is_a_draft_that_says_what_is_other(sqlite: Storage) -> None:
    """It is staff's whole set: nothing is merged, and what publishing it would change is told."""
    book().install(sqlite, now=NOW)
    published(sqlite, changed(sqlite, None, PUPPETS).version)
    installed = SmallRulebook(FOOD, TOYS).install(sqlite, now=NOW)

    assert (installed.version.origin, installed.version.based_on) == ("staff", 2)
    assert "(2 rules removed): they wait as draft 3" in installed.sentence
    drafts.discard(3, by="x", why="y", storage=sqlite, now=NOW)
    assert SmallRulebook(FOOD, TOYS).install(sqlite, now=NOW).version.version == 4


def test_a_draft_of_an_older_program_knows_what_it_was_made_from(sqlite: Storage) -> None:
    """It did not write it down: the version that was in force then."""
    book().install(sqlite, now=NOW)
    with sqlite.begin() as tx:
        content = SmallRulebook(FOOD, TOYS).shipped()
        tx.rulesets.add_draft(content.content(), fingerprint=content.fingerprint, by="x", why="", now=NOW)
    assert published(sqlite, 2).state == "active"
