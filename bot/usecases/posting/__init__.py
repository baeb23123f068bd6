"""What learners make public."""
