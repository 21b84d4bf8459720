"""One transaction at a time, brief and synchronous. Nothing is awaited inside one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlmodel import Session

from tbtwatch.storage.alert_ways import AlertWays
from tbtwatch.storage.alerts import Alerts
from tbtwatch.storage.audit import Audit
from tbtwatch.storage.backtests import Backtests
from tbtwatch.storage.belongings import Belongings
from tbtwatch.storage.board import Board
from tbtwatch.storage.briefs import Briefs
from tbtwatch.storage.bursts import Bursts
from tbtwatch.storage.carried import Carried
from tbtwatch.storage.changes import Changes
from tbtwatch.storage.chats import Chats
from tbtwatch.storage.confirmations import Confirmations
from tbtwatch.storage.consequences import Consequences
from tbtwatch.storage.contacts import Contacts
from tbtwatch.storage.correspondence import Correspondence
from tbtwatch.storage.digests import Digests
from tbtwatch.storage.documents import Documents
from tbtwatch.storage.engine import is_disk_trouble, make_engine, trouble
from tbtwatch.storage.expiring import Expiring
from tbtwatch.storage.feeds import Feeds
from tbtwatch.storage.health import SourceHealth
from tbtwatch.storage.heard import Heard
from tbtwatch.storage.held import Holds
from tbtwatch.storage.held_reminders import HeldReminders, ReminderRequests
from tbtwatch.storage.hosts import Hosts
from tbtwatch.storage.hours import Hours
from tbtwatch.storage.identities import Identities
from tbtwatch.storage.leaving import Leaving
from tbtwatch.storage.locks import hold
from tbtwatch.storage.managements import Managements
from tbtwatch.storage.measures import Measures
from tbtwatch.storage.members import Members
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.moving import Moving
from tbtwatch.storage.names import WideNames
from tbtwatch.storage.newcomers import Newcomers
from tbtwatch.storage.notices import Notices
from tbtwatch.storage.outbox import Outbox
from tbtwatch.storage.overrides import Overrides
from tbtwatch.storage.own import Own
from tbtwatch.storage.passkeys import Passkeys
from tbtwatch.storage.pauses import Pauses
from tbtwatch.storage.people import People
from tbtwatch.storage.products import Products
from tbtwatch.storage.proofs import Proofs
from tbtwatch.storage.reachable import Reachable
from tbtwatch.storage.recorded import Recorded
from tbtwatch.storage.register import Register
from tbtwatch.storage.reminders import Reminders
from tbtwatch.storage.rulesets import RuleSets
from tbtwatch.storage.schema import SchemaError, bring_up, version_of
from tbtwatch.storage.search import Search
from tbtwatch.storage.sign_ins import SignIns
from tbtwatch.storage.source_words import SourceWords
from tbtwatch.storage.sources import Sources
from tbtwatch.storage.starters import Starters
from tbtwatch.storage.subscriptions import Subscriptions
from tbtwatch.storage.texts import Texts
from tbtwatch.storage.tokens import ApiTokens
from tbtwatch.storage.told import Told
from tbtwatch.storage.trials import Trials
from tbtwatch.storage.versions import Versions

INGEST_LOCK, RULES_LOCK = 7_261_532, 7_261_533

#: The database itself does not work just now: locked, gone, full. Anything else is about what was to be written.
DATABASE_TROUBLE = (OperationalError, InterfaceError, InternalError)


class StorageError(Exception):
    """The database cannot be used; the sentence says what to do."""


class Transaction:
    """All that is stored, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.meta = Meta(session)
        self.sources = Sources(session)
        self.hosts = Hosts(session)
        self.health = SourceHealth(session)
        self.notices = Notices(session)
        self.documents = Documents(session)
        self.search = Search(session)
        self.briefs = Briefs(session)
        self.measures = Measures(session, self.search)
        self.texts = Texts(session)
        self.newcomers = Newcomers(session, self.notices, self.measures, self.search)
        self.changes = Changes(session)
        self.carried = Carried(session)
        self.holds = Holds(session)
        self.wide_names = WideNames(session)
        self.rulesets = RuleSets(session)
        self.trials = Trials(session, self.measures)
        self.backtests = Backtests(session)
        self.overrides = Overrides(session)
        self.consequences = Consequences(session)
        self.subscriptions = Subscriptions(session)
        self.versions = Versions(session, self.subscriptions)
        self.pauses = Pauses(session)
        self.products = Products(session)
        self.chats = Chats(session)
        self.confirmations = Confirmations(session)
        self.contacts = Contacts(session)
        self.managements = Managements(session)
        self.members = Members(session)
        self.alerts = Alerts(session)
        self.heard = Heard(session)
        self.alert_ways = AlertWays(session)
        self.outbox = Outbox(session)
        self.moving = Moving(session)
        self.hours = Hours(session)
        self.bursts = Bursts(session)
        self.digests = Digests(session)
        self.reminders = Reminders(session)
        self.held_reminders = HeldReminders(session)
        self.reminder_requests = ReminderRequests(session)
        self.feeds = Feeds(session)
        self.proofs = Proofs(session)
        self.leaving = Leaving(session)
        self.expiring = Expiring(session)
        self.recorded = Recorded(session)
        self.starters = Starters(session)

    # What only the pages and the API ask for is made when they do.

    @cached_property
    def people(self) -> People:
        """Who may sign in, and as what."""
        return People(self._session)

    @cached_property
    def sign_ins(self) -> SignIns:
        """Links to sign in with, and browsers that are."""
        return SignIns(self._session)

    @cached_property
    def passkeys(self) -> Passkeys:
        """Keys to sign in with, and what browsers were asked to sign."""
        return Passkeys(self._session)

    @cached_property
    def identities(self) -> Identities:
        """Accounts that people have at a provider."""
        return Identities(self._session)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self._session)

    @cached_property
    def reachable(self) -> Reachable:
        """What a person may see and change."""
        return Reachable(self._session)

    @cached_property
    def tokens(self) -> ApiTokens:
        """What programs show to be let in."""
        return ApiTokens(self._session)

    @cached_property
    def source_words(self) -> SourceWords:
        """What staff said of sources."""
        return SourceWords(self._session)

    @cached_property
    def told(self) -> Told:
        """What messages told whom."""
        return Told(self._session)

    @property
    def board(self) -> Board:
        """What staff look at of sources."""
        return Board(self._session)

    @property
    def correspondence(self) -> Correspondence:
        """Messages as those see them who answer for them."""
        return Correspondence(self._session)

    @property
    def register(self) -> Register:
        """The enterprises, looked up by a part of their name."""
        return Register(self._session)

    def belongings(self, enterprise_id: int) -> Belongings:
        """All that is stored of an enterprise."""
        return Belongings(self._session, enterprise_id)

    def own(self, enterprise_id: int) -> Own:
        """What an enterprise may read of what is stored for it."""
        return Own(self._session, enterprise_id)

    def one_at_a_time(self, lock: int = INGEST_LOCK) -> None:
        """Only one process joins notices into measures, or versions rules; on SQLite a writer is alone anyway."""
        hold(self._session, lock)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that may fail alone: what it wrote is undone, the rest stands."""
        with self._session.begin_nested():
            yield


class Storage:
    """The database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """For migrations, backups and tests."""
        return self._engine

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction: all of it is written, or nothing."""
        with Session(self._engine, expire_on_commit=False, autoflush=True) as session, session.begin():
            yield Transaction(session)

    @contextmanager
    def look(self) -> Iterator[Transaction]:
        """A transaction that only reads and holds up no writer."""
        engine = self._engine.execution_options(tbtwatch_read_only=True)
        with Session(engine, expire_on_commit=False, autoflush=False) as session:
            try:
                yield Transaction(session)
            finally:
                session.rollback()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def shown_url(url: str) -> str:
    """The address as it may be shown, without its password."""
    return make_url(url).render_as_string(hide_password=True)


def is_there(url: str) -> bool:
    """Whether there is a database of ours at this address. Makes nothing. Raises StorageError with a sentence."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return True  # `open_storage` says what is wrong with it
    if parsed.get_backend_name() == "sqlite" and not _has_file(parsed):
        return False
    try:
        engine = make_engine(url)
    except (ValueError, OSError):
        return True
    try:
        return version_of(engine) is not None
    except DBAPIError:
        return True
    finally:
        engine.dispose()


def _has_file(url: URL) -> bool:
    path = Path(url.database or "")
    return bool(url.database) and url.database != ":memory:" and path.is_file() and path.stat().st_size > 0


def open_storage(url: str) -> Storage:
    """The database at this address, its schema made or brought up. Raises StorageError with a sentence."""
    try:
        engine = make_engine(url)
    except ValueError as error:
        raise StorageError(str(error)) from error
    except OSError as error:
        raise StorageError(
            f"the database's folder cannot be made: {error.strerror} ({error.filename}); correct TBTWATCH_DATABASE_URL"
        ) from error
    try:
        bring_up(engine)
    except SchemaError as error:
        engine.dispose()
        raise StorageError(str(error)) from error
    except DBAPIError as error:
        engine.dispose()
        if is_disk_trouble(error):
            raise StorageError(
                f"the database cannot be used: the disk is full or broken ({trouble(error)}); make room, or look after "
                "the disk and take the last backup"
            ) from error
        raise StorageError(
            f"the database cannot be opened: {trouble(error)}; "
            "check TBTWATCH_DATABASE_URL, and that its folder may be written"
        ) from error
    return Storage(engine)
