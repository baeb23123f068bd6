"""A learner's way through the course: placement, redoing, the certificate."""
