"""The only HTTP client: polite, bounded, and never to an address that is not public unless it is listed."""

from watcher.fetch.addresses import AllowList
from watcher.fetch.asking import Validators
from watcher.fetch.errors import FetchError, Reason, without_secrets
from watcher.fetch.fetcher import Clock, Fetcher, validators_of

__all__ = ["AllowList", "Clock", "FetchError", "Fetcher", "Reason", "Validators", "validators_of", "without_secrets"]
