"""What instructors do for a class."""
