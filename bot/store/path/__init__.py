"""A learner's way through the course, in SQL."""
