"""The API, the files of a search, and what stands at addresses everybody knows."""
