"""Timings of the parts that decide how large the service can grow; each stands alone and checks its answers first."""
