"""Instruments in a learner's hands."""
