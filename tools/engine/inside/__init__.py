"""Looks inside a model in this process: attention, lenses, vectors, timings, changed weights."""
