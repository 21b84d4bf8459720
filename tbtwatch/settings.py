"""Settings: defaults, then one TOML file (`TBTWATCH_CONFIG`), then the environment (`TBTWATCH_…`)."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as SourceSettingsError

from notifiers.addresses import AddressError, check_address
from watcher.fetch.addresses import AllowList

PREFIX = "TBTWATCH_"


class SettingsError(Exception):
    """A setting is wrong; the sentence names it and says what to write instead."""


class Settings(BaseSettings):
    """What an operator may set. Each name is also a TOML key and, in capitals after TBTWATCH_, a variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    database_url: str = Field("sqlite:///var/tbtwatch.db", description="sqlite:///path or postgresql://user@host/name")
    config_folder: Path | None = Field(
        None,
        description="Folder with sources.yaml, product_areas.yaml, rules/ and reference/; default: the one shipped",
    )
    zone: str = Field("Asia/Shanghai", description="Time zone of digest windows and of the times shown")
    contact: str = Field(
        "", description="Mail or web address put into the User-Agent, so that a publisher can reach you"
    )
    allow_addresses: str = Field(
        "", description="Non-global addresses the fetcher may reach: 127.0.0.1, 10.1.0.0/16, 127.0.0.1:8899"
    )

    eping_base_url: str = Field(
        "", description="Address of the WTO ePing API with its path; default: https://api.wto.org/eping"
    )
    eping_key: SecretStr | None = Field(
        None, description="Your key for the WTO ePing API (free, https://apiportal.wto.org)"
    )
    eping_workbook_url: str = Field(
        "", description="Address of the WTO bulk workbook; default: the one on eping.wto.org"
    )

    smtp_host: str = Field("", description="Mail server; empty: mails wait in the outbox")
    smtp_port: int | None = Field(
        None, ge=1, le=65535, description="Default: 587 for starttls, 465 for tls, 25 for none"
    )
    smtp_tls: Literal["none", "starttls", "tls"] = Field("starttls", description="none, starttls or tls")
    smtp_username: str = Field("", description="Login for the mail server; empty: none")
    smtp_password: SecretStr | None = Field(None, description="Password for the mail server")
    mail_from: str = Field(
        "", description="Sender of all mails, also the address for unsubscribing: alerts@example.org"
    )

    telegram_token: SecretStr | None = Field(
        None, description="Token of the Telegram bot; empty: no bot, chat messages wait"
    )
    telegram_base_url: str = Field("https://api.telegram.org/bot", description="Address of the Bot API up to the token")
    email_budget: int = Field(
        20, ge=0, le=1000, description="Mails an hour to one address; what is more is told in one mail; 0: no limit"
    )
    telegram_budget: int = Field(
        20, ge=0, le=1000, description="Messages an hour to one chat; what is more is told in one message; 0: no limit"
    )
    list_days: int = Field(
        30, ge=0, le=365, description="Days for which the page of a message that tells much can be read; 0: no page"
    )
    receipts_folder: Path = Field(
        Path("var/receipts"),
        description="Where it is noted at once what a mail server or chat has taken; on a disk of this machine",
    )
    outbox_folder: Path = Field(Path("var/messages"), description="Where the file channel writes")

    web_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Port of the pages: looking, calendars, feeds, unsubscribing; empty: there are none",
    )
    web_host: str = Field("127.0.0.1", description="Address it listens at; a proxy stands before it")
    public_url: str = Field("", description="Address it is reached by from outside: https://alerts.example.org")
    api_per_minute: int = Field(600, ge=1, le=100_000, description="Requests a minute to the API with one token")
    api_public_per_minute: int = Field(
        60, ge=0, le=100_000, description="The same from one address without a token; 0: only with a token"
    )
    security_contact: str = Field(
        "", description="Whom to tell of a hole in this service: mailto:security@example.org, or a web address"
    )
    security_expires: date | None = Field(
        None, description="Until when that contact is good, a year ahead at most; without it none is shown"
    )

    sign_in_mails: int = Field(
        3, ge=1, le=100, description="Most mails with a link to sign in that one address is sent within an hour"
    )
    sign_in_mails_per_network: int = Field(
        30, ge=1, le=10_000, description="The same for all that is asked from one network (a /24, or a /48 of IPv6)"
    )
    session_idle_hours: int = Field(
        72, ge=1, le=720, description="Hours without use after which a browser is signed out"
    )
    session_days: int = Field(30, ge=1, le=365, description="Days after which it is signed out in any case")
    trusted_proxies: str = Field(
        "127.0.0.1, ::1",
        description="Whose word counts for the address a visitor comes from (X-Forwarded-For): 10.0.0.0/8",
    )

    oidc_issuer: str = Field(
        "", description="Whose accounts people sign in by too (OpenID Connect): https://accounts.example.org"
    )
    oidc_client_id: str = Field("", description="As whom this service is known there")
    oidc_client_secret: SecretStr | None = Field(None, description="Its secret there; empty: it has none")
    oidc_name: str = Field("", description="Name of the provider on the button; empty: the host of its address")
    oidc_domains: str = Field(
        "", description="Mail domains whose people may sign in by it: example.org, example.com; empty: any"
    )

    double_opt_in: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether the owner of a mail address is asked before anything is sent there: on, off, or auto: on "
        "where public_url is set",
    )
    confirm_days: int = Field(
        14, ge=1, le=90, description="Days in which the question may be answered; then the address is ended"
    )
    questions_per_day: int = Field(
        3, ge=1, le=100, description="Most questions to one address within a day, whoever asks for them"
    )
    invitations_per_day: int = Field(
        10,
        ge=0,
        le=1000,
        description="Most addresses of others whose owners one person may have asked within a day, on the pages",
    )

    staff_address: str = Field(
        "",
        description="Where keepers of sources are told that one is in trouble: email:ops@example.org; empty: nobody is",
    )
    staff_language: Literal["zh", "en"] = Field("en", description="Language of what staff are told: zh or en")
    staff_after_minutes: int = Field(
        60, ge=0, le=10_080, description="How long a source has to be in trouble before staff are told"
    )

    comment_buffer_days: int = Field(
        14,
        ge=0,
        le=60,
        description="Days before the comment deadline by which the national enquiry point wants comments",
    )
    comment_buffers: dict[str, int] = Field(
        default_factory=dict, description="The same for single markets or groups: [comment_buffers] KEN = 21"
    )
    remind_hour: int = Field(9, ge=0, le=23, description="The hour of the day, in `zone`, at which reminders are told")
    late_days: int = Field(
        90,
        ge=0,
        le=3650,
        description="Days back to which news is told late, or corrected, after the rules have changed",
    )
    keep_messages_days: int = Field(
        730,
        ge=0,
        le=36_500,
        description="Days after which a message that was sent or given up loses its text; 0: never",
    )
    keep_former_days: int = Field(
        1095,
        ge=0,
        le=36_500,
        description="Days after its last subscription ended until an enterprise is erased; 0: never",
    )
    keep_polls_days: int = Field(
        400, ge=0, le=36_500, description="Days after which a poll that brought nothing is forgotten; 0: never"
    )
    ageing_months: int = Field(
        12,
        ge=0,
        le=120,
        description="Months without news after which a subscription is shown to its owner, each quarter; 0: never",
    )
    polls_at_once: int = Field(
        20, ge=1, le=200, description="How many sources are polled side by side; the others wait, the longest due first"
    )
    lease_seconds: int = Field(
        20, ge=1, le=3600, description="How long a delivery of a dead worker waits before another takes it"
    )
    starter: bool = Field(True, description="Whether new subscribers are told first what is still open for comment")
    most_a_week: int = Field(
        40,
        ge=1,
        le=10_000,
        description="More messages a week than this, by the last 12 months, and a question is refused as a flood",
    )
    most_in_digest: int = Field(
        80, ge=1, le=10_000, description="The same for those who ask for digests: pieces of news in one, on average"
    )
    most_reclassified: float = Field(
        0.2, ge=0, le=1, description="The share of measures that published rules may make other, without a reason given"
    )
    log_format: Literal["console", "json"] = Field("console", description="console or json")
    source_keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="Keys of other publishers' APIs, as source_keys.NAME, by the source's name"
    )
    groups: dict[str, Any] = Field(
        default_factory=dict, description="Your own groups of markets, as [groups.NAME] tables with members and name"
    )

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            near = _zone_near(value)
            raise ValueError(
                f"{value!r} is no time zone"
                + (f"; did you mean {near}?" if near else "; write Asia/Shanghai, for all of China")
            )
        return value

    @field_validator("double_opt_in", mode="before")
    @classmethod
    def _opt_in(cls, value: Any) -> Any:
        plain = str(value).strip().lower()
        return {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"}.get(plain, plain)

    @field_validator("comment_buffers")
    @classmethod
    def _buffers(cls, value: dict[str, int]) -> dict[str, int]:
        if wrong := [market for market, days in value.items() if not 0 <= days <= 60]:
            raise ValueError(f"the buffer of {wrong[0]} is {value[wrong[0]]} days; write 0 to 60")
        return value

    @field_validator("allow_addresses", mode="before")
    @classmethod
    def _allow(cls, value: Any) -> Any:
        text = ", ".join(value) if isinstance(value, list) else value
        if isinstance(text, str):
            AllowList.parse(text)
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for one in value.split(","):
            try:
                ip_network(one.strip() or "127.0.0.1", strict=False)
            except ValueError as error:
                raise ValueError(
                    f"{one.strip()!r} is no address and no network; write 127.0.0.1, 10.0.0.0/8"
                ) from error
        return value

    @field_validator("security_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if "@" in value and ":" not in value:
            value = f"mailto:{value}"
        if value and (not value.startswith(("mailto:", "https://")) or any(sign.isspace() for sign in value)):
            raise ValueError(
                f"{value!r} is no contact; write mailto:security@example.org or https://example.org/security"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
            raise ValueError("write sqlite:///var/tbtwatch.db or postgresql://user:password@host/name")
        return value.replace("postgres://", "postgresql://", 1) if value.startswith("postgres://") else value

    @field_validator("eping_base_url", "eping_workbook_url", "telegram_base_url", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} is not an address; it must begin with https:// (or http://)")
        return value.rstrip("/")

    @field_validator("telegram_base_url")
    @classmethod
    def _bot(cls, value: str) -> str:
        # The library puts the token right behind the address; a bare host is what people write.
        return value if value.endswith("/bot") else f"{value}/bot"

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and ("@" not in value or any(sign in value for sign in "\r\n")):
            raise ValueError(f"{value!r} is not a mail address; write alerts@example.org")
        return value

    @field_validator("staff_address")
    @classmethod
    def _staff(cls, value: str) -> str:
        if not value:
            return value
        channel, colon, target = value.partition(":")
        channel = channel.strip().lower()
        if not colon or channel not in ("email", "telegram", "file"):
            raise ValueError(f"{value!r} names no channel; write email:ops@example.org, telegram:123456 or file:staff")
        try:
            return f"{channel}:{check_address(channel, target)}"
        except AddressError as error:
            raise ValueError(str(error)) from error

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        if (value and not parts.hostname) or parts.query or parts.fragment or parts.username:
            raise ValueError(f"{value!r} is no issuer; write its address as the provider states it: https://…")
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if value and parts.scheme != "https" and not (parts.scheme == "http" and here):
            raise ValueError(f"{value!r} is not safe to sign in by; it must begin with https://")
        return value

    @field_validator("oidc_domains")
    @classmethod
    def _domains(cls, value: str) -> str:
        for one in (one.strip() for one in value.split(",")):
            if one and ("." not in one or "@" in one or " " in one):
                raise ValueError(f"{one!r} is no mail domain; write example.org, example.com")
        return value

    @model_validator(mode="after")
    def _mail(self) -> Settings:
        if self.smtp_host and not self.mail_from:
            raise ValueError("smtp_host is set but mail_from is not; set TBTWATCH_MAIL_FROM=alerts@your-domain")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what is handed in (the TOML file)."""
        return env_settings, init_settings

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

    @property
    def smtp_port_used(self) -> int:
        """The port, or the usual one for the kind of TLS."""
        return self.smtp_port or {"starttls": 587, "tls": 465, "none": 25}[self.smtp_tls]


def _zone_near(text: str) -> str:
    """The zone that is meant by a slip of the finger, or by its city alone; "" if nothing is really close."""
    known = {name.casefold(): name for name in available_timezones()}
    cities = {name.rpartition("/")[2]: name for name in sorted(known)}
    asked = text.strip().casefold().replace(" ", "_")
    for names in (known, cities):
        if near := difflib.get_close_matches(asked, list(names), 1, 0.85):
            return known[near[0]] if names is known else known[cities[near[0]]]
    return ""


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings. Raises SettingsError: one sentence for each mistake."""
    environment = os.environ if environment is None else environment
    from_file: dict[str, Any] = {}
    if path := environment.get(f"{PREFIX}CONFIG"):
        try:
            from_file = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(
                f"the settings file {path} cannot be read: {error.strerror}; correct TBTWATCH_CONFIG"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"the settings file {path} is not TOML: {error}") from error
    try:
        return Settings(**from_file)
    except SourceSettingsError as error:
        raise SettingsError(f"{error}: write it as JSON, or better into the file that TBTWATCH_CONFIG names") from error
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(problem) for problem in error.errors())) from error


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, 1, 0.5)
        return f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else "; see docs/settings.md.")
    if not name:
        return message + "."
    shown = "" if "secret" in str(problem.get("ctx", "")) else f" (given: {problem['input']!r})"
    if Settings.model_fields[name].annotation in (SecretStr, SecretStr | None):
        shown = ""
    return f"{PREFIX}{name.upper()} is wrong: {message}{shown if problem['type'] != 'value_error' else ''}."


def meaningless_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each variable that looks like a setting and is none: a typing error nobody would notice."""
    environment = os.environ if environment is None else environment
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    sentences = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            sentences.append(f"{name} is set but is no setting" + (f"; did you mean {near[0]}?" if near else ""))
    return sentences
