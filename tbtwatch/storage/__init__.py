"""The database: rows never leave this room, values do. One transaction is `with storage.begin() as tx`."""

from tbtwatch.storage.storage import DATABASE_TROUBLE, Storage, StorageError, Transaction, open_storage

__all__ = ["DATABASE_TROUBLE", "Storage", "StorageError", "Transaction", "open_storage"]
