"""What is held about one person."""
