"""A quarter of a year on a turned clock: thirty publishers with all their troubles, and what the service makes of it.

    python -m tests.journeys.quarter [--seed N] [--days 92] [--only NAME …]

`story` says what happens, `publishers` are the real servers it happens to, `world` lets the service live through it,
`expected` knows apart from the program what should have come of it, and `diary` writes all of it down.
"""
