"""HS headings and ICS groups inferred from words, for measures that state no code or only a chapter."""
