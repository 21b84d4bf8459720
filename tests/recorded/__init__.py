"""What the readers make of documents that regulators really sent: `python -m tests.recorded` prints the table."""
