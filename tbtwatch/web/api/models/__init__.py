"""What the API answers, described."""
