"""Taking lessons: open, begin, guess, reveal, see live, be graded."""
