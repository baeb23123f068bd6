"""Lessons and the map of the course."""
