"""Alembic's folder: one file for each version of the schema."""
