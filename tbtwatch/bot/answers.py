"""What the bot answers. Every answer shows how the question was understood and from how many records it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape

from notifiers.chat_length import TELEGRAM_LIMIT, shorten, shown_length
from notifiers.dates import Dates
from notifiers.titles import title_of
from notifiers.wording import Words, offered
from rules.classification import AreaFound
from subscriptions.criteria import Part
from subscriptions.words import word
from tbtwatch.bot.card import card, members, timeline
from tbtwatch.bot.codes import WrongCodes, typed_code
from tbtwatch.bot.follow import following, not_following
from tbtwatch.bot.handled import handled
from tbtwatch.bot.phrases import PHRASES, say
from tbtwatch.bot.places import HAN
from tbtwatch.bot.question import LONGEST_TEXT, Question, understand
from tbtwatch.bot.unsubscribing import stop, unsubscribe
from tbtwatch.bot.why import Reasons
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.coverage import coverage
from tbtwatch.pipeline.reclassify import as_of_now, current_classification, to_do
from tbtwatch.pipeline.symbols import Unknown, find, not_recorded, symbols_in
from tbtwatch.storage.measures import Listed, Wanted
from watcher.dates import DateQuality
from watcher.measure import Facts, MeasureStatus
from watcher.text import one_line

CHANNEL = "telegram"
SHOWN = 8
GAPS_SHOWN = 3
LONGEST_TITLE = 110
LANGUAGES = {
    **dict.fromkeys(("zh", "cn", "zh-cn", "chinese", "中文", "汉语", "简体中文"), "zh"),
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
}


class Answers:
    """Answers to the bot's commands, as Telegram's HTML, never longer than a message may be."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wrong = WrongCodes()

    def language_of(self, chat: str, hint: str | None, text: str = "") -> str:
        """The language of a chat: the one it chose; else Chinese for a Chinese question; else that of its program."""
        with self._desk.storage.look() as tx:
            chosen = tx.chats.language_of(CHANNEL, chat)
        if chosen:
            return offered(chosen)
        return "zh" if HAN.search(text) else offered(hint or "zh")

    def start(self, chat: str, code: str, language: str, chat_name: str = "") -> str:
        """Greet, and link the chat to an enterprise if a good code came along; it is known by its name from then on."""
        now = self._desk.clock()
        if not code.strip():
            enterprise = self._enterprise(chat)
            lines = [say("hello", language)]
            if enterprise:
                lines.append(say("speaks_for", language, enterprise=escape(enterprise)))
            return shorten("\n\n".join(lines))
        if wait := self._wrong.wait_until(chat, now):
            time = wait.astimezone(self._desk.names.zone)
            return say("too_many_codes", language, time=f"{time + timedelta(minutes=1):%H:%M}")
        subscriptions = 0
        with self._desk.storage.begin() as tx:
            name = tx.chats.use_code(
                typed_code(code), channel=CHANNEL, chat=chat, language=language, now=now, name=chat_name
            )
            if name is not None and (id_ := tx.chats.enterprise_of(CHANNEL, chat)) is not None:
                subscriptions = len(tx.subscriptions.live(enterprise_id=id_))
                tx.audit.write(by="a chat", deed="chat.link", about=f"enterprise {id_}", now=now)
        if name is None:
            self._wrong.add(chat, now)
            return say("bad_code", language)
        self._wrong.forget(chat)
        number = say("subscriptions", language, n=subscriptions)
        return shorten(say("linked", language, enterprise=escape(name), subscriptions=number))

    def set_language(self, chat: str, asked: str) -> str:
        """Choose the language of a chat."""
        language = LANGUAGES.get(asked.strip().casefold())
        if language is None:
            return PHRASES["which_language"]["en"]
        with self._desk.storage.begin() as tx:
            tx.chats.set_language(CHANNEL, chat, language, now=self._desk.clock())
        return say("language_set", language)

    def recent(self, text: str, language: str) -> str:
        """The measures of the last days that fit the question, newest first."""
        if symbols_in(text, self._desk.names.markets):
            return self.measure(text, language)
        return self._recent(self._understand(text), language)

    def ask(self, text: str, language: str) -> str:
        """The answer to a question without a command: a symbol, or something that names a market or product."""
        if symbols_in(text, self._desk.names.markets):
            return self.measure(text, language)
        question = self._understand(text)
        return self._recent(question, language) if question.is_about_something else self.unknown(language)

    def measure(self, symbol: str, language: str) -> str:
        """A measure: its facts and what happened."""
        if not symbol.strip():
            return say("which_measure", language)
        found = find(symbol, self._desk)
        if isinstance(found, Unknown):
            return self._unknown_symbol(found, language)
        names, dates = self._desk.names, self._dates(language)
        with self._desk.storage.look() as tx:
            classification = as_of_now(found, tx, self._desk.rulebook.in_force(tx))
        missing = not_recorded(symbol, found, names.markets)
        said = [f"<i>{escape(say('document_not_recorded', language, symbol=missing))}</i>"] if missing else []
        lines = said + card(found, classification, names=names, dates=dates, language=language)
        return self._with_coverage([*lines, "", *timeline(found, dates=dates, language=language)], language)

    def why(self, chat: str, symbol: str, language: str) -> str:
        """Why this chat's enterprise is told of a measure, or not: a sentence for each of its subscriptions."""
        if not symbol.strip():
            return say("which_measure_why", language)
        found = find(symbol, self._desk)
        if isinstance(found, Unknown):
            return self._unknown_symbol(found, language)
        names = self._desk.names
        with self._desk.storage.begin() as tx:
            id_ = tx.chats.enterprise_of(CHANNEL, chat)
            mine = {one.id: one for one in tx.subscriptions.live(enterprise_id=id_)} if id_ is not None else {}
            mine |= {one.id: one for one in tx.subscriptions.of_address(CHANNEL, chat)}
            if not mine:
                return say("not_linked" if id_ is None else "no_subscriptions", language)
            classification = current_classification(found, tx, self._desk.rulebook, self._desk.clock())
            reasons = Reasons(found, classification, names=names, dates=self._dates(language), language=language, tx=tx)
            lines = reasons.lines(list(mine.values()))
        title = title_of(found.facts, LONGEST_TITLE)
        head = f"<b>{escape(members(found.facts, names, language, 2))} · {escape(title)}</b>"
        return self._with_coverage([head, f"<code>{escape(found.threads[0])}</code>", *lines], language)

    def handled(self, chat: str, text: str, language: str) -> str:
        """This chat's enterprise has dealt with a measure: a symbol, and what was done, or "undo"."""
        symbol, _, words = text.strip().partition(" ")
        if not symbol:
            return say("which_measure_handled", language)
        found = find(symbol, self._desk)
        if isinstance(found, Unknown):
            return self._unknown_symbol(found, language)
        return handled(chat, found, words, language, self._desk)

    def follow(self, chat: str, symbol: str, language: str) -> str:
        """This chat's enterprise follows a measure here."""
        return following(chat, symbol, language, self._desk)

    def unfollow(self, chat: str, symbol: str, language: str) -> str:
        """A measure is followed here no longer."""
        return not_following(chat, symbol, language, self._desk)

    def unsubscribe(self, chat: str, text: str, language: str) -> str:
        """What is told at this chat, and how it is ended here."""
        return unsubscribe(chat, text, language, self._desk)

    def stop(self, chat: str, text: str, language: str) -> str:
        """All that is told at this chat is ended, if it is said twice."""
        return stop(chat, text, language, self._desk)

    def unknown(self, language: str) -> str:
        """What can be asked."""
        return say("help", language)

    # --- /recent

    def _understand(self, text: str) -> Question:
        names = self._desk.names
        with self._desk.storage.look() as tx:
            ruleset = self._desk.rulebook.in_force(tx)
        return understand(text, markets=names.markets, areas=names.areas, ruleset=ruleset, today=self._today())

    def _recent(self, question: Question, language: str) -> str:
        total, found = self._search(question)
        dropped = ""
        if not total and question.words and question.is_about_something:
            looser = replace(question, words="")
            total, found = self._search(looser)
            if total:
                dropped, question = question.words, looser
        lines = [f"<b>{escape(self._understood(question, language))}</b> — {say('found', language, n=total)}"]
        lines += self._remarks(question, dropped, language)
        with self._desk.storage.look() as tx:
            old = to_do(tx)
        if old:
            lines.append(f"<i>{say('being_reclassified', language, n=old)}</i>")
        lines += [self._line(number, one, question, language) for number, one in enumerate(found, 1)]
        if total > len(found):
            lines.append(say("more", language, n=total - len(found)))
        if found:
            lines.append(say("details", language))
        else:
            lines.append(say("nothing", language))
            if question.words:
                lines.append(say("nothing_in_words", language))
        return self._with_coverage(lines, language)

    def _search(self, question: Question) -> tuple[int, list[Listed]]:
        wanted = Wanted(
            members=self._desk.names.markets.expand(question.markets),
            hs=question.hs,
            ics=question.ics,
            area=question.area,
            scheme=question.scheme,
            text=question.words,
            since=self._today() - timedelta(days=question.days),
            limit=SHOWN,
        )
        with self._desk.storage.look() as tx:
            return tx.measures.search(wanted)

    def _understood(self, question: Question, language: str) -> str:
        names = self._desk.names
        parts = []
        if question.markets:
            parts.append(
                say("markets_joined", language).join(names.markets.name(m, language) for m in question.markets)
            )
            wide = names.markets.expand(question.markets)
            if "EU" in question.markets:
                parts[-1] += say("with_states", language)
            elif "EU" in wide and any(market in names.markets.members for market in question.markets):
                parts[-1] += say("with_eu", language)
        if question.hs:
            parts.append(f"HS {question.hs}")
        if question.ics:
            parts.append(f"ICS {question.ics}")
        if question.area:
            area = names.area(question.area, language)
            plain = question.area_words.casefold() == area.casefold()
            parts.append(say("area" if plain else "area_by_words", language, area=area, words=question.area_words))
        if question.scheme:
            parts.append(names.choices.name(Part.SCHEME, question.scheme, language))
        if question.words:
            parts.append(say("containing", language, words=question.words))
        today = self._today()
        dates, since = self._dates(language), today - timedelta(days=question.days)
        span = dates.span(since, today)
        if since.year != today.year:
            span = say("from_to", language, first=dates.day(since), last=dates.day(today))
        parts = parts or [say("everything", language)]
        return " · ".join([*parts, say("period", language, days=span, n=question.days)])

    def _remarks(self, question: Question, dropped: str, language: str) -> list[str]:
        """What else the reader must know of how the question was read."""
        remarks = []
        if question.bare:
            remarks.append(say(f"bare_{question.bare_as}", language, number=question.bare))
        if question.unlisted:
            names = [self._desk.names.markets.name(group, language) for group in question.unlisted]
            name = "unlisted_beside" if question.markets else "unlisted"
            remarks.append(say(name, language, group=say("markets_joined", language).join(names)))
        if question.unused:
            remarks.append(say("unused", language, words=", ".join(question.unused[:6])))
        if question.cut:
            remarks.append(say("cut", language, n=LONGEST_TEXT))
        if dropped:
            remarks.append(say("without_words", language, words=dropped))
        return [f"<i>{escape(remark)}</i>" for remark in remarks]

    def _line(self, number: int, listed: Listed, question: Question, language: str) -> str:
        facts = listed.measure.facts
        title = title_of(facts, LONGEST_TITLE)
        wide = self._desk.names.markets.expand(question.markets)
        parts = [members(facts, self._desk.names, language, 2, wide), title, self._deadline(facts, language)]
        if grade := _grade(listed.classification.areas, question.area, language):
            parts.append(grade)
        told = " · ".join(escape(part) for part in parts if part)
        # Of a joint notification the symbol of the market that was asked about.
        threads = listed.measure.threads
        symbol = next((one for one in threads for member in sorted(wide) if f"/{member}/" in one), threads[0])
        return f"{number}. {told}\n    <code>{escape(symbol)}</code>"

    def _deadline(self, facts: Facts, language: str) -> str:
        deadline = facts.comment_deadline
        if facts.status is MeasureStatus.WITHDRAWN:
            return say("status_withdrawn", language)
        if deadline.quality is DateQuality.NOT_APPLICABLE:
            return say("not_available", language)
        if deadline.value is None:
            return say("no_deadline", language)
        if facts.status is not MeasureStatus.DRAFT and deadline.value >= self._today():
            return say(f"status_{facts.status.value}", language)  # what is adopted is not commented on any more
        name = "open_until" if deadline.value >= self._today() else "closed_on"
        return say(name, language, day=self._dates(language).near(deadline.value))

    # --- what all answers share

    def _unknown_symbol(self, unknown: Unknown, language: str) -> str:
        symbol = f"“{escape(one_line(unknown.symbol, 80))}”"
        lines = [say("unknown_symbol" if unknown.is_symbol else "not_a_symbol", language, symbol=symbol)]
        if unknown.near:
            near = " ".join(f"<code>{escape(one)}</code>" for one in unknown.near)
            lines.append(say("near", language, symbols=near))
        else:
            lines.append(say("try_recent", language))
        return self._with_coverage(lines, language)

    def _with_coverage(self, lines: Sequence[str], language: str) -> str:
        """The answer, shortened if need be, with the line that says from how many records it comes."""
        last = shorten(self._covered(language), TELEGRAM_LIMIT // 4)
        return f"{shorten(chr(10).join(lines), TELEGRAM_LIMIT - shown_length(last) - 1)}\n{last}"

    def _covered(self, language: str) -> str:
        desk = self._desk
        with desk.storage.look() as tx:
            seen = coverage(desk.sources, tx, now=desk.clock(), zone=desk.names.zone, language=language)
            total = tx.measures.count()
        line = say(
            "covered",
            language,
            measures=say("covered_measures", language, n=total),
            sources=say("covered_sources", language, n=seen.sources),
            as_of=self._dates(language).moment(seen.as_of),
        )
        if not seen.sources:
            line += say("no_source", language)
        elif seen.gaps:
            shown = [*seen.gaps[:GAPS_SHOWN]]
            if (more := len(seen.gaps) - GAPS_SHOWN) > 0:
                shown.append(say("gaps_more", language, n=more))
            gaps = say("gaps_joined", language).join(one_line(gap, 200) for gap in shown)
            line += say("gaps", language, gaps=gaps)
        else:
            line += say("no_gaps", language)
        return f"<i>{escape(line)}</i>"

    def _enterprise(self, chat: str) -> str:
        """The name of the enterprise that a chat speaks for, as its subscriptions have it; "" if there is none."""
        with self._desk.storage.look() as tx:
            id_ = tx.chats.enterprise_of(CHANNEL, chat)
            live = tx.subscriptions.live(enterprise_id=id_) if id_ is not None else []
        return live[0].enterprise if live else ""

    def _today(self) -> date:
        return self._desk.clock().astimezone(self._desk.names.zone).date()

    def _dates(self, language: str) -> Dates:
        return Dates(Words(offered(language)), self._today())


def _grade(areas: Sequence[AreaFound], area: str, language: str) -> str:
    return next((word(found.grade, language) for found in areas if found.area == area), "") if area else ""


def commands(language: str) -> Sequence[tuple[str, str]]:
    """The commands and what they do, for the chat program's menu."""
    return [
        (name, say(f"menu_{name}", language))
        for name in ("recent", "measure", "follow", "unfollow", "why", "handled", "unsubscribe", "language", "start")
    ]
