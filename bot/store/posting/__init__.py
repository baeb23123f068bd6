"""What learners made public."""
