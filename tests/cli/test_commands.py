"""What commands do."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from notifiers.render import render_alert
from tbtwatch.demo.documents import Written
from tbtwatch.demo.publisher import KEY, Publisher
from tbtwatch.storage import open_storage
from tests.builders import a_notice
from tests.cli.conftest import HISTORY, write_history
from tests.cli.test_rules_commands import back_test
from tests.cli.world import World
from tests.pipeline.small_rules import FOOD, TOYS, WORDS

ASK = ("subscribe", "--enterprise", "Ningbo", "--market", "KEN", "--hs", "22", "--language", "en")


def symbols(listed: list[dict[str, Any]]) -> set[str]:
    """Members and numbers of the measures in a list."""
    return {one["symbol"].removeprefix("G/TBT/N/") for one in listed}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((), {"KEN/1514", "VNM/55", "BRA/9"}),
        (("--market", "KEN"), {"KEN/1514"}),
        (("--market", "kenya"), {"KEN/1514"}),
        (("--market", "肯尼亚"), {"KEN/1514"}),
        (("--market", "EAC"), {"KEN/1514"}),
        (("--market", "ASEAN"), {"VNM/55"}),
        (("--market", "ASEAN", "--market", "BRA"), {"VNM/55", "BRA/9"}),
        (("--market", "Uganda"), set()),
        (("--hs", "22"), {"KEN/1514"}),
        (("--hs", "2202.99"), {"KEN/1514"}),
        (("--hs", "9503.00"), {"VNM/55"}),
        (("--hs", "220300"), set()),
        (("--ics", "67"), {"KEN/1514"}),
        (("--ics", "97.180"), set()),
        (("--ics", "97"), {"VNM/55", "BRA/9"}),
        (("--ics", "97.200"), {"VNM/55"}),
        (("--area", "toys"), {"VNM/55"}),
        (("--since", "2026-02-01"), {"KEN/1514"}),
        (("--since", "2026-02-02"), set()),
        (("--since", "2024-05-06"), {"KEN/1514", "VNM/55", "BRA/9"}),
        (("--text", "jelly DRINKS"), {"KEN/1514"}),
        (("--text", "dolls mechanical"), {"VNM/55"}),
        (("--text", "100% electric_"), {"BRA/9"}),
        (("--text", "100_"), set()),
        (("--text", "ken/1514/add.1"), {"KEN/1514"}),
        (("--text", "jelly dolls"), set()),
        (("--open",), {"VNM/55"}),
        (("--limit", "1"), {"KEN/1514"}),
        (("--limit", "0"), {"KEN/1514", "VNM/55", "BRA/9"}),
        (("--hs", "22", "--market", "VNM"), set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_measures_are_found(stocked: World, asked: tuple[str, ...], found: set[str]) -> None:
    """By market and group, code or its beginning with or without dots, area, day, words; all that is asked holds."""
    assert symbols(stocked("measures", "--json", *asked).json) == found


def test_the_last_thirty_days(tbtwatch: World) -> None:
    """`30d` counts back from today."""
    today = datetime.now(UTC).date()
    recent = a_notice(symbol="G/TBT/N/KEN/1", distribution_date=today - timedelta(days=28))
    older = a_notice(symbol="G/TBT/N/KEN/2", distribution_date=today - timedelta(days=33))
    tbtwatch("import", write_history(tbtwatch.home / "recent.jsonl", (recent, older)))
    assert symbols(tbtwatch("measures", "--json", "--since", "30d").json) == {"KEN/1"}


def test_subscribe_prints_the_number_only(stocked: World) -> None:
    """So that a script may keep it; the words for people go to standard error."""
    said = stocked(*ASK, "--email", "a@example.com")
    assert (said.code, said.out) == (0, "1\n")
    assert "Kenya" in said.err
    again = stocked(*ASK, "--email", "a@example.com")
    assert again.out == "1\n" and "there already" in again.err
    assert stocked(*ASK, "--email", "a@example.com", "--frequency", "weekly").out == "2\n"


def test_what_is_asked_is_kept_as_it_was_meant(stocked: World) -> None:
    """Names become codes, dots go, commas separate, an exporter's ten digits become the six that all share."""
    made = stocked(
        *("subscribe", "--enterprise", " Ningbo ", "--email", "A.b@Example.COM", "--telegram", "-0042", "--json"),
        *("--market", "Korea, Republic of", "--market", "KEN, 越南", "--hs", "8507.60.0090,22", "--ics", "67.160"),
        *("--area", "toys,food", "--keyword", "jelly", "--exclude", "beer", "--change", "new-measure"),
        *("--grade", "broad", "--frequency", "daily", "--language", "en", "--name", "All of it"),
    ).json
    assert made["enterprise"] == "Ningbo"
    assert made["markets"] == ["KEN", "KOR", "VNM"]
    assert (made["hs"], made["ics"], made["areas"]) == (["22", "850760"], ["67.160"], ["food", "toys"])
    assert (made["keywords"], made["exclusions"], made["changes"]) == (["jelly"], ["beer"], ["new_measure"])
    assert (made["grade"], made["frequency"], made["name"]) == ("broad", "daily", "All of it")
    assert made["addresses"] == [
        {"channel": "email", "target": "A.b@example.com"},
        {"channel": "telegram", "target": "-42"},
    ]


@pytest.fixture
def publisher(tbtwatch: World) -> Iterator[Publisher]:
    """A publisher on loopback, watched by the source `api`."""
    with Publisher() as publisher:
        tbtwatch.sources(
            {
                "name": "api",
                "kind": "eping_api",
                "base_url": f"{publisher.address}/eping",
                "page_size": 2,
                "calls_per_second": 10,
            }
        )
        tbtwatch.set(eping_key=KEY, allow_addresses="127.0.0.1", outbox_folder=str(tbtwatch.home / "out"))
        yield publisher


def drink(number: int, **over: Any) -> list[dict[str, Any]]:
    """A notification of Kenya about a drink."""
    values: dict[str, Any] = {
        "symbols": (f"G/TBT/N/KEN/{number}",),
        "day": datetime.now(UTC).date(),
        "title": f"Drink {number}",
        "content": "Requirements.",
        "products": "Drinks",
        "hs": ("2202",),
    }
    return Written(**{**values, **over}).items()


def test_from_a_poll_to_a_file(tbtwatch: World, publisher: Publisher) -> None:
    """Seed, subscribe, poll, deliver: each new measure once, written by the file channel; a second poll sends none."""
    publisher.items = [*drink(1), *drink(2), *drink(3)]
    (seed,) = tbtwatch("poll", "--json").json
    assert (seed["status"], seed["new"], seed["seeding"], seed["error"]) == ("ok", 3, True, None)
    assert tbtwatch(*ASK, "--file", "me").out == "1\n"
    publisher.items += [*drink(4), *drink(5, hs=("9503",))]
    (second,) = tbtwatch("poll", "--json").json
    assert (second["notices"], second["new"], second["unchanged"], second["seeding"]) == (5, 2, 3, False)
    assert [one["state"] for one in tbtwatch("deliveries", "--json").json] == ["pending"]
    assert tbtwatch("deliver", "--json").json == {
        "sent": 1,
        "again": 0,
        "refused": 0,
        "expired": 0,
        "waiting": {},
        "stopped": {},
    }
    (third,) = tbtwatch("poll", "--json").json
    assert (third["new"], third["changed"]) == (0, 0)
    assert tbtwatch("deliver", "--json").json["sent"] == 0
    written = [file.read_text() for file in (tbtwatch.home / "out").rglob("*") if file.is_file()]
    assert any("Drink 4" in text for text in written)
    assert not any("Drink 5" in text for text in written)
    why = tbtwatch("why", 1, "G/TBT/N/KEN/4", "--json").json
    assert [one["what"] for one in why["told"]] == ["new_measure"]
    assert [one["state"] for one in tbtwatch("deliveries", "--state", "sent", "--json").json] == ["sent"]
    assert tbtwatch("deliveries", "--state", "pending", "--json").json == []
    assert tbtwatch("deliveries", "--state", "sent", "--limit", 0, "--json").json


def test_mail_waits_for_a_mail_server(tbtwatch: World, publisher: Publisher) -> None:
    """Without SMTP nothing is tried and nothing is lost; an unsubscribed one is cancelled."""
    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--email", "a@example.com")
    publisher.items += drink(2)
    tbtwatch("poll")
    assert tbtwatch("deliver", "--json").json["waiting"] == {"email": 1}
    assert "not configured" in tbtwatch("deliver").out
    assert tbtwatch("unsubscribe", "1").code == 0
    assert [one["state"] for one in tbtwatch("deliveries", "--json").json] == ["cancelled"]


def test_a_message_is_taken_out_of_the_line_and_put_back(tbtwatch: World, publisher: Publisher) -> None:
    """With a reason, which is recorded with who; what was cancelled for its reader is not taken back."""
    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--email", "a@example.com")
    publisher.items += drink(2)
    tbtwatch("poll")
    (one,) = tbtwatch("deliveries", "--json").json
    assert "say why" in tbtwatch("deliveries", "cancel", one["id"], "--reason", " ").sentence
    gone = tbtwatch("deliveries", "cancel", one["id"], "--reason", "told by  phone", "--by", "李", "--json").json
    assert (gone["state"], gone["detail"]) == ("cancelled", "cancelled by staff, 李: told by phone")
    assert "it does not wait any more" in tbtwatch("deliveries", "cancel", one["id"], "--reason", "again").sentence
    back = tbtwatch("deliveries", "again", one["id"], "--reason", "they asked for it")
    assert back.code == 0 and "to a@example.com is in the line again" in back.out
    assert "there is no such message" in tbtwatch("deliveries", "again", 99, "--reason", "why not").sentence
    tbtwatch("unsubscribe", "1")
    assert "it was cancelled for a reason" in tbtwatch("deliveries", "again", one["id"], "--reason", "more").sentence
    storage = open_storage(f"sqlite:///{tbtwatch.home / 'tbtwatch.db'}")
    with storage.look() as tx:
        deeds = [(deed.deed, deed.about, deed.detail["reason"]) for deed in tx.audit.list(deed="delivery")]
        assert tx.audit.list(deed="delivery.cancel")[0].by == "李"
    storage.close()
    about = f"delivery {one['id']}"
    assert deeds == [("delivery.again", about, "they asked for it"), ("delivery.cancel", about, "told by phone")]


def test_a_wrong_mail_login_is_exit_code_1(tbtwatch: World, publisher: Publisher) -> None:
    """The attempt failed through our own settings: the command says so, and nothing is lost."""
    from tests.mailbox import Mailbox

    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--email", "a@example.com")
    publisher.items += drink(2)
    tbtwatch("poll")
    with Mailbox(users={"me": "right"}) as mailbox:
        tbtwatch.set(smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_tls="none", mail_from="alerts@example.org")
        tbtwatch.set(smtp_username="me", smtp_password="wrong")
        said = tbtwatch("deliver", "--json")
        assert said.code == 1
        assert list(json.loads(said.out)["stopped"]) == ["email"]
        (one,) = tbtwatch("deliveries", "--json").json
        assert (one["state"], one["attempts"]) == ("pending", 0)
        tbtwatch.set(smtp_password="right")
        assert tbtwatch("deliver", "--json").json["sent"] == 1
        assert [mail["To"] for mail in mailbox.mails] == ["a@example.com"]


def test_digest_windows(tbtwatch: World, publisher: Publisher) -> None:
    """A weekly subscriber's alert waits for the window; `this-week` writes it now, once."""
    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--file", "me", "--frequency", "weekly")
    publisher.items += drink(2)
    tbtwatch("poll")
    assert tbtwatch("status", "--json").json["waiting_for_digest"] == {"weekly": 1}
    waiting = tbtwatch("digest", "--window", "weekly")
    assert waiting.code == 0 and "--window this-week" in waiting.err
    (written,) = tbtwatch("digest", "--window", "this-week", "--json").json
    assert (written["digests"], written["alerts"]) == (1, 1)
    assert all(one["alerts"] == 0 for one in tbtwatch("digest", "--window", "this-week", "--json").json)
    assert tbtwatch("deliver", "--json").json["sent"] == 1


def test_recover_raises_what_a_crash_left(
    tbtwatch: World, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """News recorded by a process that died before it raised the alerts is told after `recover`."""
    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--file", "me")
    publisher.items += drink(2)
    with monkeypatch.context() as dying:

        def die(*_: object, **__: object) -> int:
            raise SystemExit(9)

        dying.setattr("tbtwatch.pipeline.alert.raise_alerts", die)
        with pytest.raises(SystemExit):
            tbtwatch("poll")
    assert tbtwatch("status", "--json").json["measures_not_alerted"] == 1
    assert tbtwatch("recover", "--json").json["alerts"] == 1
    assert tbtwatch("recover", "--json").json["measures"] == 0
    assert tbtwatch("deliver", "--json").json["sent"] == 1


def test_one_measure_that_cannot_be_written_about_stops_no_other(
    tbtwatch: World, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A poll that brings three measures, one of which breaks the writing, tells of the two others."""
    publisher.items = drink(1)
    tbtwatch("poll")
    tbtwatch(*ASK, "--file", "me")
    publisher.items += [*drink(2), *drink(3), *drink(4)]

    def stumbling(content: Any, **over: Any) -> Any:
        if content.news.facts.title == "Drink 3":
            raise ZeroDivisionError("a title nobody thought of")
        return render_alert(content, **over)

    with monkeypatch.context() as faulty:
        faulty.setattr("tbtwatch.pipeline.alert.render_alert", stumbling)
        assert tbtwatch("poll").code == 0
        assert len(tbtwatch("deliveries", "--json").json) == 2
        assert json.loads(tbtwatch("recover", "--json").out)["broken"] == 1
    assert tbtwatch("recover", "--json").json["alerts"] == 1
    assert len(tbtwatch("deliveries", "--json").json) == 3


def test_a_workbook_is_imported(tbtwatch: World, tmp_path: Path) -> None:
    """The WTO's own columns; a row without a symbol is kept as unreadable and stops nothing."""
    publisher = Publisher()
    publisher.workbook_items = [*drink(1), *drink(2, symbols=("G/TBT/N/KEN/2", "G/TBT/N/UGA/3"))]
    book = load_workbook(io.BytesIO(publisher.answer("/Notification_EN.xlsx", None)[2]))
    publisher._server.server_close()
    sheet = book.active
    assert sheet is not None
    sheet.append([None, "Kenya", "No symbol at all"])
    file = tmp_path / "book.xlsx"
    book.save(file)
    said = tbtwatch("import", file, "--json").json
    assert (said["notices"], said["new"], said["unreadable"], said["measures"]) == (2, 2, 1, 2)
    assert len(tbtwatch("status", "--json").json["unreadable"]) == 1
    assert symbols(tbtwatch("measures", "--json").json) == {"KEN/1", "KEN/2"}


def test_a_workbook_of_something_else_is_a_sentence(tbtwatch: World, tmp_path: Path) -> None:
    """Not a notice in it, and the columns it lacks are named."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["Invoice", "Amount"])
    file = tmp_path / "invoices.xlsx"
    book.save(file)
    assert "cannot be read" in tbtwatch("import", file).sentence


def test_lines_that_cannot_be_read_are_kept(tbtwatch: World) -> None:
    """Each is shown with its number; the others are imported. An import never tells anybody."""
    tbtwatch(*ASK, "--file", "me")
    file = write_history(tbtwatch.home / "mixed.jsonl")
    file.write_bytes(b"{\n" + file.read_bytes() + b'\xff\xfe\n["no object"]\n{"title": "no symbol"}\n\n')
    said = tbtwatch("import", file, "--json").json
    assert (said["new"], said["unreadable"]) == (len(HISTORY), 4)
    kept = tbtwatch("status", "--json").json["unreadable"]
    assert {one["entry"] for one in kept} == {"line 1", "line 6", "line 7", "line 8"}
    assert tbtwatch("deliveries", "--json").json == []
    assert tbtwatch("recover", "--json").json["alerts"] == 0


def test_rules_are_released_published_and_undone(stocked: World) -> None:
    """A release's changed rules wait as a draft; published they are in force; undone the old ones are again."""
    stocked.rules({**FOOD, "prefixes": ["22", "9503"]}, TOYS, WORDS)
    installed = stocked("rules", "install", "--json").json
    assert (installed["version"], installed["state"]) == (2, "draft")
    assert stocked("rules", "show", "--json").json["version"] == 1
    assert stocked("rules", "publish", "2", "--by", "Li Na", "--report", back_test(stocked)).code == 0
    number = stocked("subscribe", "--enterprise", "N", "--file", "me", "--area", "food").out.strip()
    assert stocked("why", number, "G/TBT/N/VNM/55", "--json").json["matches"] is True
    assert stocked("rules", "undo", "--by", "Li Na").code == 0
    assert [one["state"] for one in stocked("rules", "list", "--json").json] == ["retired", "retired", "active"]
    assert stocked("why", number, "G/TBT/N/VNM/55", "--json").json["matches"] is False


def test_a_code_of_an_older_edition_is_taken_and_what_replaced_it_is_said(stocked: World) -> None:
    """On the side, so that the number printed stays the number."""
    asked = stocked("subscribe", "--enterprise", "N", "--file", "me", "--hs", "851712", "--language", "en")
    assert asked.code == 0 and asked.out.strip().isdigit()
    assert "851713 and 851714 took its place" in asked.err


def test_a_chat_code_is_for_one_who_is_known(stocked: World) -> None:
    """Eight letters nobody mistakes, alone on standard output."""
    stocked(*ASK, "--email", "a@example.com")
    said = stocked("chat-code", "--enterprise", "Ningbo")
    assert said.code == 0
    assert len(said.out.strip().replace("-", "")) == 8
    assert not set(said.out) & set("01IO")


def test_settings_come_from_a_file_and_the_environment_wins(tbtwatch: World) -> None:
    """TOML first, then variables; a variable that is no setting is named in `status`."""
    file = tbtwatch.home / "settings.toml"
    file.write_text(
        'zone = "Africa/Nairobi"\nsmtp_host = "mail.example.org"\nmail_from = "a@example.org"\n'
        '[groups.MINE]\nmembers = ["KEN", "VNM"]\nname = {en = "My markets", zh = "我的市场"}\n'
    )
    tbtwatch.set(config=str(file), smtp_hots="x")
    missing = tbtwatch("init", "--json").json and tbtwatch("status", "--json").json["not_configured"]
    assert not any("TBTWATCH_SMTP_HOST)" in sentence for sentence in missing)
    assert any("TBTWATCH_SMTP_HOTS" in sentence and "TBTWATCH_SMTP_HOST" in sentence for sentence in missing)
    made = tbtwatch("subscribe", "--enterprise", "N", "--file", "me", "--market", "MINE", "--hs", "22", "--json").json
    assert made["markets"] == ["MINE"]
    tbtwatch("import", write_history(tbtwatch.home / "history.jsonl"))
    assert symbols(tbtwatch("measures", "--market", "My markets", "--json").json) == {"KEN/1514", "VNM/55"}


def test_dates_are_shown_where_the_operator_is(stocked: World) -> None:
    """A day of a document is never shifted by a zone."""
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        stocked.set(zone=zone)
        one = stocked("measure", "G/TBT/N/KEN/1514", "--json").json
        assert one["first_distributed"] == date(2026, 1, 9).isoformat()
