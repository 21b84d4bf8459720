"""Tests of watcher/reading."""
