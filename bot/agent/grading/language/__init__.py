"""What the grader knows of a language: data in a file of its own, read once and handed in."""
