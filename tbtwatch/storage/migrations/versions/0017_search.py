"""search: the words of measures, FTS5 on SQLite and a vector on PostgreSQL"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TRIGGERS = {
    "ai": "AFTER INSERT ON measure_words BEGIN {new} END",
    "ad": "AFTER DELETE ON measure_words BEGIN {old} END",
    "au": "AFTER UPDATE OF title, words ON measure_words BEGIN {old} {new} END",
}
_NEW = "INSERT INTO measure_fts(rowid, title, words) VALUES (new.measure_id, new.title, new.words);"
_OLD = (
    "INSERT INTO measure_fts(measure_fts, rowid, title, words) VALUES ('delete', old.measure_id, old.title, old.words);"
)


def upgrade() -> None:
    """Bring the schema up. The words of what is recorded already are written at the next start."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "measure_words",
        sa.Column("measure_id", number, nullable=False, autoincrement=False),
        sa.Column("stamp", number, nullable=False),
        sa.Column("cut", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("distributed", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("adoption", sa.Date(), nullable=True),
        sa.Column("force", sa.Date(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("measure_id", name=op.f("pk_measure_words")),
    )
    op.create_index(op.f("ix_measure_words_stamp"), "measure_words", ["stamp"])
    if op.get_bind().dialect.name == "postgresql":
        # The words are cut already; "simple" takes them as they are. Of its text a vector holds the first 16,383 places.
        op.execute(
            "ALTER TABLE measure_words ADD COLUMN vector tsvector GENERATED ALWAYS AS ("
            "setweight(to_tsvector('simple'::regconfig, title), 'A') "
            "|| setweight(to_tsvector('simple'::regconfig, words), 'B')) STORED"
        )
        op.execute("CREATE INDEX ix_measure_words_vector ON measure_words USING gin (vector)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE measure_fts USING fts5(title, words, content='measure_words', "
        "content_rowid='measure_id', columnsize=0, "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")"
    )
    for name, body in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER measure_words_{name} {body.format(new=_NEW, old=_OLD)}")
