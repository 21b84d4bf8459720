"""Signing in, who asks, and what is theirs."""
