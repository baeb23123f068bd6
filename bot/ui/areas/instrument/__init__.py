"""Instruments and their knobs."""
