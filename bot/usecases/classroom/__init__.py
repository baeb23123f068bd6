"""What instructors do for a class, and what learners let them see."""
