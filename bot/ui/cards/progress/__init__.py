"""The map of the course, and what a learner knew."""
