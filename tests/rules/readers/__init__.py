"""Readers: what is read from the structure of a measure."""
