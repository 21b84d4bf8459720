"""Labelled rows: what the quality of the classification is measured on."""
