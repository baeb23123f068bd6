"""Instruments in learners' hands."""
