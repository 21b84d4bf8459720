"""Everything is made here, once: time and chance, the database, the sources, the ways messages go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random, SystemRandom
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from notifiers.channels import KINDS as CHANNELS
from rules.product_areas import ProductArea
from subscriptions.choices import Choices
from subscriptions.criteria import Address
from subscriptions.forecast import Limits
from tbtwatch import __version__, configuration
from tbtwatch.pipeline.ageing import tell_ageing
from tbtwatch.pipeline.alert import Desk, raise_each
from tbtwatch.pipeline.audience import Audience
from tbtwatch.pipeline.burst import Bursts
from tbtwatch.pipeline.compose import Names
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.confirm import ask_again
from tbtwatch.pipeline.deliver import DeliveryReport, Notifier, deliver_due
from tbtwatch.pipeline.leaving import Endings
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.pipeline.poll import Progress, poll, poll_all
from tbtwatch.pipeline.provider_rules import Provider
from tbtwatch.pipeline.receipts import Receipts
from tbtwatch.pipeline.remind import drop_waiting
from tbtwatch.pipeline.retention import Keep, due_today, retain
from tbtwatch.pipeline.rulebook import Rulebook
from tbtwatch.pipeline.sign_in_rules import SignInRules, networks
from tbtwatch.pipeline.together import Together
from tbtwatch.pipeline.unconfirmed import lapse
from tbtwatch.pipeline.watched import Watched
from tbtwatch.pipeline.watchkeeping import Staff, WatchReport, keep_watch
from tbtwatch.reference import load_markets
from tbtwatch.settings import Settings, SettingsError
from tbtwatch.storage import Storage, open_storage
from watcher.apart import Readers
from watcher.fetch import Fetcher
from watcher.fetch.addresses import AllowList
from watcher.markets import MarketError, Markets
from watcher.source import Source
from watcher.sources import SourceConfigError, make_source

NO_CONTACT = "no contact is set (TBTWATCH_CONTACT), and publishers must be able to write to whoever asks them"

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The service, assembled."""

    settings: Settings
    storage: Storage
    sources: Watched
    desk: Desk
    rulebook: Rulebook
    markets: Markets
    areas: Mapping[str, ProductArea]
    notifiers: Mapping[str, Notifier]
    receipts: Receipts
    clock: Clock
    chance: Random

    def fetcher(self) -> Fetcher:
        """The HTTP client; use it as `async with app.fetcher() as fetcher`."""
        return make_fetcher(self.settings, self.clock)

    def readers(self) -> Readers:
        """Where strangers' documents are read; of one event loop, to be closed."""
        return Readers()

    def source(self, name: str) -> Source:
        """A source by its name. Raises LookupError with a sentence."""
        for source in self.sources:
            if source.config.name == name:
                return source
        known = ", ".join(source.config.name for source in self.sources)
        raise LookupError(f"there is no source {name!r}; known: {known}")

    async def poll(
        self,
        sources: list[Source],
        fetcher: Fetcher,
        *,
        progress: Progress = lambda *_: None,
        by_hand: bool = False,
        classify_later: bool = False,
    ) -> list[PollReport]:
        """Poll these sources side by side and raise the alerts owed for what they brought.

        `classify_later`: as the service does, leave what nobody is told of for `recover` to classify.
        """

        readers, together = self.readers(), Together(self.storage)

        async def one(source: Source) -> PollReport:
            return await poll(
                source,
                fetcher=fetcher,
                storage=self.storage,
                rulebook=self.rulebook,
                clock=self.clock,
                progress=progress,
                release_first=by_hand,
                chance=self.chance,
                readers=readers,
                together=together,
                classify_later=classify_later,
            )

        try:
            reports = await poll_all(sources, one)
        finally:
            await readers.close()
        # After all of them, so that a message speaks of what every source said in this round.
        await self.keep_watch([report.source for report in reports])
        await raise_each(sorted({measure_id for report in reports for measure_id in report.measures}), desk=self.desk)
        return reports

    async def keep_watch(
        self, only: Iterable[str] | None = None, *, stop: Callable[[], bool] = lambda: False
    ) -> WatchReport:
        """Look how the sources are, all or those of these names, and tell staff and readers what concerns them."""
        return await keep_watch(desk=self.desk, staff=staff_of(self.settings), only=only, stop=stop)

    async def deliver(self, *, stop: Callable[[], bool] = lambda: False) -> DeliveryReport:
        """Send what is due, and no reminder of what has moved or is dealt with."""
        drop_waiting(desk=self.desk)
        return await deliver_due(
            storage=self.storage,
            notifiers=self.notifiers,
            clock=self.clock,
            chance=self.chance,
            lease=timedelta(seconds=self.settings.lease_seconds),
            receipts=self.receipts,
            stop=stop,
            refused=self.endings().refused,
            home=self.settings.zone_info,
            bursts=self.bursts(),
            asking=self.desk.opt_in.channels,
        )

    def bursts(self) -> Bursts:
        """What keeps to the budgets of addresses."""
        budgets = {"email": self.settings.email_budget, "telegram": self.settings.telegram_budget}
        return Bursts(
            desk=self.desk,
            budgets={channel: most for channel, most in budgets.items() if most},
            list_days=self.settings.list_days if self.settings.web_port else 0,
        )

    def settle_questions(self) -> None:
        """Ask who was not asked yet, and end the addresses whose owners did not answer in time."""
        ask_again(desk=self.desk)
        lapse(self.endings())

    def endings(self) -> Endings:
        """What ends the addresses that take nothing any more."""
        return Endings(desk=self.desk, staff=staff_of(self.settings))

    def keep(self) -> Keep:
        """How long what is kept."""
        return Keep(
            messages=self.settings.keep_messages_days,
            former=self.settings.keep_former_days,
            polls=self.settings.keep_polls_days,
        )

    def housekeeping(self) -> None:
        """Once a day: let go of what has had its time, and show readers what brings them nothing."""
        if due_today(desk=self.desk):
            retain(self.keep(), desk=self.desk)
            tell_ageing(self.settings.ageing_months, desk=self.desk)

    async def close(self) -> None:
        """Give connections back."""
        for notifier in self.notifiers.values():
            await notifier.close()
        self.receipts.close()
        self.storage.close()


def assemble(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    chance: Random | None = None,
    storage: Storage | None = None,
    entries: list[dict[str, Any]] | None = None,
) -> App:
    """Make the service. Raises SettingsError, StorageError, ConfigurationError, SourceConfigError, RuleError."""
    folder = settings.config_folder or configuration.SHIPPED
    if not folder.is_dir():
        raise SettingsError(
            f"there is no folder {folder}; correct TBTWATCH_CONFIG_FOLDER, or leave it out for the rules and sources "
            "that come with the program"
        )
    markets = load_markets(folder / "reference", own_groups=settings.groups)
    rulebook = Rulebook(folder)
    storage = storage or open_storage(settings.database_url)
    if rulebook.none_in_force(storage):
        rulebook.install(storage, now=clock())
    with storage.look() as tx:
        ruleset = rulebook.in_force(tx)
    areas = ruleset.areas
    described = configuration.source_entries(folder) if entries is None else entries
    sources = Watched(
        described,
        make_sources(settings, described, markets),
        make=partial(make_one, settings, markets=markets),
        storage=storage,
    )
    names = Names(
        markets=markets,
        areas=areas,
        zone=settings.zone_info,
        buffer_days=settings.comment_buffer_days,
        choices=Choices(facets=ruleset.facets),
        market_buffers=buffers_of(settings, markets),
        remind_hour=settings.remind_hour,
    )
    desk = Desk(
        storage=storage,
        rulebook=rulebook,
        audience=Audience(markets),
        sources=sources,
        names=names,
        clock=clock,
        mail_domain=settings.mail_from.rpartition("@")[2].strip(" >") or "tbtwatch.invalid",
        unsubscribe_address=settings.mail_from.rpartition("<")[2].strip(" >"),
        late_horizon=timedelta(days=settings.late_days),
        public_url=settings.public_url,
        starter=settings.starter,
        opt_in=opt_in_of(settings),
        flood=Limits(a_week=settings.most_a_week, in_digest=settings.most_in_digest),
        sign_in=sign_in_rules(settings),
        bot=settings.telegram_token.get_secret_value().partition(":")[0] if settings.telegram_token else "",
    )
    return App(
        settings=settings,
        storage=storage,
        sources=sources,
        desk=desk,
        rulebook=rulebook,
        markets=markets,
        areas=areas,
        notifiers=make_notifiers(settings),
        receipts=Receipts(settings.receipts_folder),
        clock=clock,
        chance=chance or SystemRandom(),
    )


def opt_in_of(settings: Settings) -> OptIn:
    """Whose consent is asked for: of mail addresses, by default where a page can take the answer."""
    on = settings.double_opt_in == "on" or (settings.double_opt_in == "auto" and bool(settings.public_url))
    return OptIn(
        channels=frozenset({"email"} if on else ()),
        days=settings.confirm_days,
        per_day=settings.questions_per_day,
        invitations=settings.invitations_per_day,
    )


def sign_in_rules(settings: Settings) -> SignInRules:
    """How people sign in to the pages."""
    return SignInRules(
        mails_per_hour=settings.sign_in_mails,
        network_per_hour=settings.sign_in_mails_per_network,
        idle=timedelta(hours=settings.session_idle_hours),
        longest=timedelta(days=settings.session_days),
        proxies=networks(settings.trusted_proxies),
        base=settings.public_url or _own_address(settings),
    )


def provider_of(settings: Settings, clock: Clock) -> Provider | None:
    """By whose accounts people sign in to the pages; None: by nobody's. Raises SettingsError."""
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id:
        raise SettingsError(
            "TBTWATCH_OIDC_ISSUER is set but TBTWATCH_OIDC_CLIENT_ID is not; write as whom this service is known there"
        )
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name.strip() or urlsplit(settings.oidc_issuer).netloc,
        domains=frozenset(one.strip().lower() for one in settings.oidc_domains.split(",") if one.strip()),
        fetcher=lambda: make_fetcher(settings, clock),
    )


def _own_address(settings: Settings) -> str:
    """Where the pages are reached on this machine, if they listen to it alone."""
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    local = settings.web_host in ("localhost", "::1") or settings.web_host.startswith("127.")
    return f"http://{host}:{settings.web_port or 8080}" if local else ""


def buffers_of(settings: Settings, markets: Markets) -> dict[str, int]:
    """The buffers of single markets, by Members' codes; a group stands for its Members. Raises SettingsError."""
    buffers: dict[str, int] = {}
    # A market's own word counts more than that of a group it is in.
    for name in sorted(settings.comment_buffers, key=lambda name: markets.find(name) not in markets.groups):
        try:
            market = markets.resolve(name)
        except MarketError as error:
            raise SettingsError(f"TBTWATCH_COMMENT_BUFFERS is wrong: {error}") from error
        group = markets.groups.get(market)
        buffers |= dict.fromkeys(group.members if group else (market,), settings.comment_buffers[name])
    return buffers


def make_fetcher(settings: Settings, clock: Clock) -> Fetcher:
    """The HTTP client as the operator allows it to go."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return Fetcher(
        allow=AllowList.parse(settings.allow_addresses), agent=f"tbtwatch/{__version__}{contact}", clock=clock
    )


def make_sources(settings: Settings, entries: list[dict[str, Any]], markets: Markets) -> tuple[Source, ...]:
    """The sources of sources.yaml. Raises SourceConfigError with a sentence for each mistake."""
    made: list[Source] = []
    problems: list[str] = []
    for entry in entries:
        try:
            made.append(make_one(settings, entry, markets))
        except SourceConfigError as error:
            problems.extend(error.sentences)
    names = [source.config.name for source in made]
    problems += [
        f"two sources are called {name!r}; give one of them another name"
        for name in set(names)
        if names.count(name) > 1
    ]
    if problems:
        raise SourceConfigError(problems)
    return tuple(made)


def make_one(settings: Settings, entry: Mapping[str, Any], markets: Markets) -> Source:
    """The source of an entry, with the operator's addresses and key put in. Raises SourceConfigError."""
    own: dict[str, dict[str, Any]] = {"eping_api": {}, "eping_workbook": {}}
    if settings.eping_base_url:
        own["eping_api"]["base_url"] = settings.eping_base_url
    if settings.eping_key:
        own["eping_api"]["key"] = settings.eping_key
    if settings.eping_workbook_url:
        own["eping_workbook"]["url"] = settings.eping_workbook_url
    put_in = own.get(str(entry.get("kind")), {})
    if key := settings.source_keys.get(str(entry.get("name"))):
        put_in = {**put_in, "key": key.get_secret_value()}
    # A person's own reason stands first: it holds also where there is a contact.
    if entry.get("needs_contact") is True and not settings.contact and not entry.get("rests"):
        put_in = {"rests": NO_CONTACT, **put_in}
    return make_source({**entry, **put_in}, find_member=markets.find)


def make_notifiers(settings: Settings) -> dict[str, Notifier]:
    """The channels that are configured; messages for the others wait."""
    made: dict[str, Notifier] = {"file": _made("file", folder=settings.outbox_folder)}
    if settings.smtp_host:
        made["email"] = _made(
            "email",
            host=settings.smtp_host,
            port=settings.smtp_port_used,
            tls=settings.smtp_tls,
            username=settings.smtp_username or None,
            password=settings.smtp_password,
            sender=settings.mail_from,
        )
    if settings.telegram_token:
        made["telegram"] = _made("telegram", token=settings.telegram_token, base_url=settings.telegram_base_url)
    return made


def _made(channel: str, **config: Any) -> Notifier:
    kind: Any = CHANNELS[channel]
    try:
        made: Notifier = kind(kind.Config(**{name: value for name, value in config.items() if value is not None}))
    except ValidationError as error:
        mistakes = [str(problem["msg"]).removeprefix("Value error, ") for problem in error.errors(include_input=False)]
        raise SettingsError(f"the settings for {channel} are wrong: {'; '.join(mistakes)}") from error
    return made


def staff_of(settings: Settings) -> Staff:
    """Where and how the keepers of the sources are told."""
    channel, _, target = settings.staff_address.partition(":")
    return Staff(
        address=Address(channel=channel, target=target) if target else None,
        language=settings.staff_language,
        after=timedelta(minutes=settings.staff_after_minutes),
    )


def not_configured(app: App) -> list[str]:
    """A sentence for each thing that does not work as configured, and what happens instead."""
    resting = {
        source.config.title or source.config.name: reason
        for source in app.sources
        if source.config.enabled and (reason := source.resting())
    }
    sentences = [
        f"{name} is not watched: {problem}"
        for name, problem in app.sources.problems.items()
        if name not in app.sources.names
    ]
    sentences += [
        f"{name} is described otherwise in the files since staff wrote their own entry of it, which counts: look at "
        f"`tbtwatch sources entry {name}`, then save it again or restore 0"
        for name in sorted(app.sources.names)
        if app.sources.overtaken(name)
    ]
    sentences += [f"{title} rests: {reason}" for title, reason in resting.items() if reason != NO_CONTACT]
    if "email" not in app.notifiers:
        sentences.append("No mail server is set (TBTWATCH_SMTP_HOST): mails wait in the outbox, nothing is lost.")
    if "telegram" not in app.notifiers:
        sentences.append("No bot token is set (TBTWATCH_TELEGRAM_TOKEN): there is no chat bot, and chat messages wait.")
    if not app.settings.staff_address:
        sentences.append(
            "No staff address is set (TBTWATCH_STAFF_ADDRESS): nobody is told when a source is in trouble; "
            "`tbtwatch sources` shows it."
        )
    if not app.settings.contact:
        partners = [title for title, reason in resting.items() if reason == NO_CONTACT]
        sentences.append(
            f"No contact is set (TBTWATCH_CONTACT): {len(partners)} sources of partner regulators rest, because their "
            "publishers must be able to write to whoever asks them; the WTO's sources work."
        )
    return sentences
