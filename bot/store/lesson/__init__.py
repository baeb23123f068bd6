"""Attempts, guesses, tallies, gradings."""
