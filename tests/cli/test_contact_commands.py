"""contact, association, enterprise manage, address confirm and read-mail on the command line."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from tests.cli.world import World

ASK = ("--market", "KEN", "--hs", "22", "--language", "en")
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def asking(tbtwatch: World) -> World:
    """The shell, where owners of mail addresses are asked."""
    tbtwatch.environment.setenv("TBTWATCH_DOUBLE_OPT_IN", "on")
    tbtwatch.environment.setenv("TBTWATCH_MAIL_FROM", "alerts@example.org")
    return tbtwatch


def question(tbtwatch: World, target: str) -> str:
    """The text of the newest question to an address."""
    with sqlite3.connect(tbtwatch.home / "tbtwatch.db") as database:
        (text,) = database.execute(
            "SELECT json_extract(message, '$.text') FROM delivery WHERE kind = 'question' AND target = ? "
            "ORDER BY id DESC",
            (target,),
        ).fetchone()
    return str(text)


def test_people_come_change_and_leave(tbtwatch: World) -> None:
    """Their subscriptions follow; where nobody would be left, the command says so."""
    assert (
        tbtwatch("contact", "add", "--enterprise", "E", "--name", "李华", "--role", "负责人", "--file", "hua").out
        == "1\n"
    )
    tbtwatch("contact", "add", "--enterprise", "E", "--name", "Ming", "--file", "ming")
    assert tbtwatch("subscribe", "--enterprise", "E", "--contact", "李华", *ASK).out == "1\n"
    assert (
        "E has no contact 'Li'; it has: Ming, 李华"
        in tbtwatch("subscribe", "--enterprise", "E", "--contact", "Li", *ASK).sentence
    )
    changed = tbtwatch("contact", "change", 1, "--file", "hua2", "--why", "moved", "--json").json
    assert (changed["version"], changed["changed"], changed["role"]) == (2, [1], "owner")
    assert "--to CONTACT" in tbtwatch("contact", "end", 1, "--why", "left").sentence
    ended = tbtwatch("contact", "end", 1, "--why", "left", "--to", 2, "--json").json
    assert ended["end_reason"] == "left"
    assert tbtwatch("subscriptions", "--json").json[0]["addresses"] == [{"channel": "file", "target": "ming"}]
    assert [one["name"] for one in tbtwatch("contact", "list", "--json").json] == ["Ming"]
    assert len(tbtwatch("contact", "list", "--all", "--json").json) == 2
    shown = tbtwatch("contact", "show", 1, "--json").json
    assert [one["why"] for one in shown["versions"]] == ["moved", "left"]
    assert "version 1 until" in tbtwatch("contact", "show", 1).out


def test_a_code_and_a_mail_answer_a_question(tbtwatch: World, tmp_path: Path) -> None:
    """What staff enter, what a person writes back; an out-of-office note is none."""
    asking(tbtwatch)
    tbtwatch("subscribe", "--enterprise", "E", "--email", "a@example.com", "--email", "b@example.com", *ASK)
    assert len(tbtwatch("status", "--json").json["unconfirmed"]) == 2
    found = CODE.search(question(tbtwatch, "a@example.com"))
    assert found is not None
    assert tbtwatch("address", "confirm", found[0].lower(), "--json").json["how"] == "code"
    assert "confirmed already" in tbtwatch("address", "confirm", found[0]).out
    assert "is no code" in tbtwatch("address", "confirm", "AAAA").sentence

    found = CODE.search(question(tbtwatch, "b@example.com"))
    assert found is not None
    mail = tmp_path / "reply.eml"
    mail.write_text(f"Subject: Re: confirm {found[0]}\nAuto-Submitted: auto-replied\n\nI am away", encoding="utf-8")
    assert "written by a program" in tbtwatch("address", "read-mail", mail).sentence
    mail.write_text(f"Subject: Re: confirm {found[0]}\n\nyes", encoding="utf-8")
    assert tbtwatch("address", "read-mail", mail, "--json").json["how"] == "mail"
    assert tbtwatch("status", "--json").json["unconfirmed"] == []
    assert "waits for no answer" in tbtwatch("address", "ask", "b@example.com").sentence


def test_why_speaks_of_consent_where_it_matters(stocked: World) -> None:
    """Of a fit, whose news was sent or waits; of a miss only where an address has not agreed. A script has all."""
    asking(stocked)
    here = ("--enterprise", "E", "--email", "a@example.com", "--file", "me")
    stocked("subscribe", *here, "--hs", "22")
    stocked("subscribe", *here, "--hs", "95")
    fit, miss = (("why", number, "G/TBT/N/KEN/1514") for number in (1, 2))
    assert "email:a@example.com not confirmed" in stocked(*fit).out and "file:me confirmed" in stocked(*fit).out
    assert "email:a@example.com not confirmed" in stocked(*miss).out and "file:me" not in stocked(*miss).out
    assert len(stocked(*miss, "--json").json["confirmed"]) == 2


def test_members_from_a_file(tbtwatch: World, tmp_path: Path) -> None:
    """With Chinese names of columns, as a Chinese spreadsheet writes it; wrong rows by number; none or all."""
    file = tmp_path / "members.csv"
    good = "企业,联系人,邮箱,市场,hs,频率,语言\n甲,张三,z@example.com,肯尼亚;EAC,22,weekly,zh\n"
    file.write_bytes((good + "乙,李四,not an address,KEN,22,immediate,zh\n").encode("gb18030"))
    wrong = tbtwatch("association", "import", "协会", file)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("row 3: 'not an address' is not a mail address")
    assert "nothing was started: 1 of 2 rows are wrong" in wrong.err
    assert tbtwatch("subscriptions", "--json").json == []
    done = tbtwatch("association", "import", "协会", file, "--skip-bad", "--json").json
    assert (done["started"], [one["row"] for one in done["problems"]]) == ([1], [3])
    assert [one["enterprise"] for one in tbtwatch("subscriptions", "--of", "协会", "--json").json] == ["甲"]
    assert tbtwatch("enterprise", "list", "--of", "协会", "--json").json[0]["managed_by"] == "协会"
    report = tbtwatch("association", "report", "协会", "--json").json
    assert [(one["enterprise"], one["subscriptions"]) for one in report["members"]] == [("甲", 1)]
    file.write_text("company,mail\nx,y\n", encoding="utf-8")
    assert "column 'company' is not known" in tbtwatch("association", "import", "协会", file).sentence


def test_an_enterprise_is_looked_after_and_released(tbtwatch: World) -> None:
    """One at a time, none itself."""
    assert tbtwatch("subscribe", "--enterprise", "A", "--file", "a", "--managed-by", "C", *ASK).code == 0
    assert "A is looked after by C" in tbtwatch("enterprise", "manage", "A", "--by", "D").sentence
    assert "would look after itself" in tbtwatch("enterprise", "manage", "C", "--by", "A").sentence
    assert tbtwatch("enterprise", "release", "A", "--why", "left", "--json").json["was_managed_by"] == "C"
    (was,) = tbtwatch("enterprise", "list", "--of", "C", "--all", "--json").json
    assert (was["managed_by"], was["end_reason"]) == (None, "left")
    assert "is no month" in tbtwatch("association", "report", "C", "--month", "March").sentence
