"""Sources, notices and measures: what was published, by whom, and what it changed."""
