"""Where a learner stands in the course, and how well they knew what they knew."""
