"""From contents to messages: words, dates and layout for a channel and a language. Nothing is sent here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from notifiers.burst import BurstContent, burst_sheet
from notifiers.chat_length import TELEGRAM_LIMIT, shorten, shorten_text, shown_length, units
from notifiers.chat_sheet import ChatDigest, chat_alert, chat_digest
from notifiers.confirm import ConfirmedContent, QuestionContent, confirmed_sheet, question_sheet
from notifiers.correction import correction_sheet
from notifiers.digest_sheet import SIZES, digest_sheet, digest_subject
from notifiers.held import HeldContent, held_sheet
from notifiers.leaving import AgeingContent, EndedContent, ManyEndedContent, ageing_sheet, ended_sheet, many_ended_sheet
from notifiers.message import AlertContent, DigestContent, Label, Message
from notifiers.reminder import ReminderContent, reminder_sheet
from notifiers.sheet import Link, alert_sheet, links
from notifiers.sign_in import SignInContent, sign_in_sheet
from notifiers.starter import StarterContent, starter_sheet
from notifiers.subject import alert_subject
from notifiers.watch import GapContent, NoticeSheet, StaffContent, gap_sheet, staff_sheet
from notifiers.wording import Words, offered
from watcher.text import one_line, safe_link

#: Mail programs cut HTML near 102 kB; a digest is shortened until it is below this many bytes.
MAIL_HTML_LIMIT = 96_000
_LONGEST_BUTTON = 60
_LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
#: A mail address to write to, with a subject that carries the subscription's code.
_MAIL_TO = re.compile(r"mailto:[A-Za-z0-9.!#$%&'*+/=^_`{|}~@-]+(?:\?subject=[A-Za-z0-9%._~-]+)?")
_ANY_TAG = re.compile(r"<[^>]*>")


def render_alert(content: AlertContent, *, channel: str, language: str, recipient: str) -> Message:
    """An alert as a message for one address.

    `channel` is the name of a notifier; one without templates of its own gets the whole text. A language that is
    not offered is answered in English, and the message says so. One with the label correction is written as one.
    `message_id` and `thread` are left to the caller,
    who knows the delivery.
    """
    if content.label is Label.CORRECTION:
        return _correction(content, channel=channel, language=language, recipient=recipient)
    words = Words(offered(language))
    subject = one_line(alert_subject(content, language), 200)
    if channel == "telegram":
        html = _shortened(_fill("telegram/alert.html", chat=chat_alert(content, language), words=words))
        found = links(content.news, words, most=1)
        buttons = ((one_line(words("details"), _LONGEST_BUTTON), found[0].address),) if _on_https(found) else ()
        chat = _chat_message(html, recipient=recipient, subject=subject, language=words.language, stream="alerts")
        return replace(chat, buttons=buttons)
    sheet = alert_sheet(content, language, by_mail=channel == "email")
    return Message(
        recipient=recipient,
        subject=subject,
        text=_fill("email/alert.txt", sheet=sheet, words=words, subject=subject),
        html=_fill("email/alert.html", sheet=sheet, words=words, subject=subject) if channel == "email" else "",
        language=words.language,
        headers=_headers(content.unsubscribe) if channel == "email" else {},
        stream="alerts",
    )


def render_digest(content: DigestContent, *, channel: str, language: str, recipient: str) -> Message:
    """A digest as one message for one address: shortened, never split, when there is much in it."""
    words = Words(offered(language))
    subject = digest_subject(content, language)
    if channel == "telegram":
        html = _chat_digest_html(content, language, words)
        return _chat_message(html, recipient=recipient, subject=subject, language=words.language, stream="digests")
    text, html = "", ""
    for size in SIZES:
        sheet = digest_sheet(content, language, size, by_mail=channel == "email")
        text = _fill("email/digest.txt", sheet=sheet, words=words, subject=subject)
        html = _fill("email/digest.html", sheet=sheet, words=words, subject=subject)
        if len(html.encode()) <= MAIL_HTML_LIMIT:
            break
    if sheet.more:  # the plain text has no such limit: no measure is left out of a mail
        whole = digest_sheet(content, language, replace(size, brief=len(content.news)), by_mail=channel == "email")
        text = _fill("email/digest.txt", sheet=whole, words=words, subject=subject)
    return Message(
        recipient=recipient,
        subject=subject,
        text=text,
        html=html if channel == "email" else "",
        language=words.language,
        headers=_headers(content.unsubscribe) if channel == "email" else {},
        stream="digests",
    )


def render_staff(content: StaffContent, *, channel: str, language: str, recipient: str) -> Message:
    """What staff are told of their sources."""
    return _notice(staff_sheet(content, language), channel=channel, recipient=recipient, stream="staff")


def render_held(content: HeldContent, *, channel: str, language: str, recipient: str) -> Message:
    """What staff are told of news that waits for their decision."""
    return _notice(held_sheet(content, language), channel=channel, recipient=recipient, stream="staff")


def render_gap(content: GapContent, *, channel: str, language: str, recipient: str) -> Message:
    """What a reader is told of a source that could not be read, or is read again."""
    sheet = gap_sheet(content, language, by_mail=channel == "email")
    return _notice(sheet, channel=channel, recipient=recipient, stream="gaps", unsubscribe=content.unsubscribe)


def render_ended(content: EndedContent | ManyEndedContent, *, channel: str, language: str, recipient: str) -> Message:
    """What the other addresses and staff are told of one that takes nothing any more."""
    if isinstance(content, ManyEndedContent):
        sheet, stream = many_ended_sheet(content, language), "staff"
    else:
        sheet, stream = ended_sheet(content, language), "staff" if content.to_staff else "gaps"
    return _notice(sheet, channel=channel, recipient=recipient, stream=stream)


def render_question(content: QuestionContent, *, channel: str, language: str, recipient: str) -> Message:
    """What the owner of an address is asked before anything else is sent there."""
    return _notice(question_sheet(content, language), channel=channel, recipient=recipient, stream="questions")


def render_sign_in(content: SignInContent, *, language: str, recipient: str) -> Message:
    """The mail with the link to sign in."""
    return _notice(sign_in_sheet(content, language), channel="email", recipient=recipient, stream="questions")


def render_confirmed(content: ConfirmedContent, *, channel: str, language: str, recipient: str) -> Message:
    """What the owner of an enterprise is told of an address that was confirmed."""
    return _notice(confirmed_sheet(content, language), channel=channel, recipient=recipient, stream="gaps")


def render_ageing(content: AgeingContent, *, channel: str, language: str, recipient: str) -> Message:
    """What a reader is told of subscriptions that bring nothing."""
    sheet = ageing_sheet(content, language, by_mail=channel == "email")
    return _notice(sheet, channel=channel, recipient=recipient, stream="digests", unsubscribe=content.unsubscribe)


def render_reminder(content: ReminderContent, *, channel: str, language: str, recipient: str) -> Message:
    """A reminder of a comment deadline."""
    sheet = reminder_sheet(content, language, channel=channel)
    return _notice(sheet, channel=channel, recipient=recipient, stream="reminders", unsubscribe=content.unsubscribe)


def render_burst(content: BurstContent, *, channel: str, language: str, recipient: str) -> Message:
    """Much news in one message. Each measure has its line, as far as the message holds them, and all are named."""
    if channel == "telegram":
        whole: int | None = _most_that_fit(len(content.news), lambda lines: _burst_html(content, language, lines))
    else:
        whole = None
    sheet = burst_sheet(content, language, channel=channel, whole=whole)
    return _notice(sheet, channel=channel, recipient=recipient, stream="alerts", unsubscribe=content.unsubscribe)


def render_starter(content: StarterContent, *, channel: str, language: str, recipient: str) -> Message:
    """The first message to a new subscriber."""
    sheet = starter_sheet(content, language, channel=channel)
    return _notice(sheet, channel=channel, recipient=recipient, stream="alerts", unsubscribe=content.unsubscribe)


def _burst_html(content: BurstContent, language: str, whole: int) -> str:
    sheet = burst_sheet(content, language, channel="telegram", whole=whole)
    words = Words("zh" if sheet.language == "zh-Hans" else sheet.language)
    return _fill("telegram/notice.html", sheet=sheet, words=words)


def _correction(content: AlertContent, *, channel: str, language: str, recipient: str) -> Message:
    sheet = correction_sheet(content, language, by_mail=channel == "email")
    return _notice(sheet, channel=channel, recipient=recipient, stream="alerts", unsubscribe=content.unsubscribe)


def _notice(sheet: NoticeSheet, *, channel: str, recipient: str, stream: str, unsubscribe: str = "") -> Message:
    language = "zh" if sheet.language == "zh-Hans" else sheet.language
    words = Words(language)
    if channel == "telegram":
        html = _shortened(_fill("telegram/notice.html", sheet=sheet, words=words))
        return _chat_message(html, recipient=recipient, subject=sheet.subject, language=language, stream=stream)
    return Message(
        recipient=recipient,
        subject=sheet.subject,
        text=_fill("email/notice.txt", sheet=sheet, words=words),
        html=_fill("email/notice.html", sheet=sheet, words=words, subject=sheet.subject) if channel == "email" else "",
        language=language,
        headers=_headers(unsubscribe) if channel == "email" else {},
        stream=stream,
    )


def _chat_digest_html(content: DigestContent, language: str, words: Words) -> str:
    """As many measures as one chat message holds, and how many more there are."""
    whole = chat_digest(content, language)
    entries = _most_that_fit(len(whole.entries), lambda count: _chat_part(whole, count, words))
    return _shortened(_chat_part(whole, entries, words))


def _most_that_fit(most: int, written: Callable[[int], str]) -> int:
    """How many parts one chat message holds, found by halving; `written`: the message with so many."""
    fewest = 0
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if shown_length(written(middle)) <= TELEGRAM_LIMIT:
            fewest = middle
        else:
            most = middle - 1
    return fewest


def _chat_part(whole: ChatDigest, count: int, words: Words) -> str:
    rest = len(whole.entries) - count
    more = words("digest.more", n=rest) if rest else ""
    return _fill("telegram/digest.html", chat=whole.with_entries(whole.entries[:count], more), words=words)


def _chat_message(html: str, *, recipient: str, subject: str, language: str, stream: str) -> Message:
    """The markup and, for a service that cannot read it, the plain text: with its links if there is room."""
    text = _without_tags(html)
    if units(text) > TELEGRAM_LIMIT:
        text = shorten_text(unescape(_ANY_TAG.sub("", html)))
    return Message(recipient=recipient, subject=subject, text=text, html=html, language=language, stream=stream)


def _headers(unsubscribe: str) -> dict[str, str]:
    """How to unsubscribe, for mail programs (RFC 2369, RFC 8058). The sender's address is added when it is known."""
    where = unsubscribe.strip()
    if _MAIL_TO.fullmatch(where):
        return {"List-Unsubscribe": f"<{where}>"}
    if not (link := safe_link(where)) or not link.isascii():
        return {}
    headers = {"List-Unsubscribe": f"<{link}>"}
    if link.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _on_https(found: list[Link]) -> bool:
    return bool(found) and found[0].address.startswith("https://")


def _shortened(html: str) -> str:
    return shorten(html, TELEGRAM_LIMIT)


def _without_tags(html: str) -> str:
    """A chat's markup as plain text, its links written out. Only ever given our own, escaped markup."""
    written_out = _LINK.sub(lambda link: f"{link[2]}: {link[1]}", html)
    return unescape(_ANY_TAG.sub("", written_out))


@cache
def _templates() -> Environment:
    # Everything is escaped but plain text, where there is no markup to close.
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default_for_string=True, default=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _fill(template: str, *, words: Words, **values: Any) -> str:
    filled = _templates().get_template(template).render(colon=words("colon"), words=words, **values)
    return filled.strip() + "\n" if template.startswith("email/") else filled.strip()
