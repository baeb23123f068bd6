"""A learner's way through the course."""
