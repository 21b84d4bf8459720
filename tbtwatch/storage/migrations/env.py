"""How Alembic reaches the database: always through the connection that `schema.bring_up` hands over."""

from __future__ import annotations

from alembic import context

from tbtwatch.storage.rows import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
if connection.in_transaction():
    connection.commit()
