"""Reviewing, and being reminded."""
