"""`tbtwatch proof` on the command line: shown, written as a page, checked."""

from __future__ import annotations

import json

from tests.cli.world import World

KENYA = "G/TBT/N/KEN/1514"


def ask(world: World) -> None:
    """An enterprise that asks for drinks; all it could hear of is silent history."""
    assert world("subscribe", "--enterprise", "宁波饮料厂", "--file", "n", "--hs", "22").code == 0


def test_a_page_is_written_and_checked(stocked: World) -> None:
    """The page is found unchanged; with one character changed it is not, and the exit code says so."""
    ask(stocked)
    page = stocked.home / "proof.html"
    made = stocked("proof", "KEN/1514", "宁波饮料厂", "--html", page)
    assert (made.code, made.out.splitlines()[0]) == (0, f"未告知 宁波饮料厂 {KENYA}。")

    checked = stocked("proof", "--check", page)
    assert (checked.code, checked.out.partition(":")[0]) == (0, "Unchanged")
    page.write_text(page.read_text(encoding="utf-8").replace("未告知", "已告知", 1), encoding="utf-8")
    assert (stocked("proof", "--check", page).code, stocked("proof", "--check", page).out[:8]) == (1, "Changed:")


def test_json_is_checked_too(stocked: World) -> None:
    """What `--json` prints may be kept in a file; what another installation sealed is not ours."""
    ask(stocked)
    kept = stocked.home / "proof.json"
    document = stocked("proof", KENYA, "宁波饮料厂", "--json").json
    kept.write_text(json.dumps(document), encoding="utf-8")
    assert stocked("proof", "--check", kept, "--json").json["result"] == "unchanged"

    kept.write_text(json.dumps({**document, "seal": document["seal"][::-1]}), encoding="utf-8")
    checked = stocked("proof", "--check", kept)
    assert (checked.code, checked.out[:8]) == (1, "Not ours")


def test_on_a_terminal_it_says_the_same(stocked: World) -> None:
    """What was known when, and why nothing was told, in the language asked for."""
    ask(stocked)
    shown = stocked("proof", KENYA, "宁波饮料厂", "--language", "en")
    assert "Proof of notice: 宁波饮料厂, G/TBT/N/KEN/1514" in shown.out
    assert "recorded when its source was first read or imported" in shown.out


def test_wrong_calls_are_one_sentence(stocked: World) -> None:
    """Half of what is needed, a name with a slip, a file that is none, two wishes at once."""
    ask(stocked)
    (stocked.home / "other.html").write_text("<html>", encoding="utf-8")
    for arguments, sentence in (
        ((), "write the symbol and the enterprise"),
        ((KENYA,), "write the symbol and the enterprise"),
        ((KENYA, "宁波饮料"), "did you mean '宁波饮料厂'?"),
        (("G/TBT/N/KEN/1541", "宁波饮料厂"), "did you mean G/TBT/N/KEN/1514"),
        ((KENYA, "宁波饮料厂", "--language", "fr"), "write zh or en"),
        ((KENYA, "宁波饮料厂", "--html", "no/such/folder.html"), "cannot be written"),
        (("--check", "missing.html"), "cannot be read"),
        (("--check", "other.html"), "no proof of notice"),
        ((KENYA, "--check", "other.html"), "takes a file and nothing else"),
    ):
        assert sentence in stocked("proof", *arguments).sentence
