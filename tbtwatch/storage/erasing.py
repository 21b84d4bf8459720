"""What a database keeps of deleted rows in its own files."""

from __future__ import annotations

from sqlalchemy import Engine


def leave_no_trace(engine: Engine) -> None:
    """Have SQLite write its log of changes into the file and begin it anew: deleted rows stand in the old one.

    Deleted content itself is overwritten because connections are made with `secure_delete`. PostgreSQL does this in
    its own time (autovacuum); backups are the operator's.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
