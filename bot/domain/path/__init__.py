"""A learner's way through the course: where to begin, what to do anew, what was finished."""
