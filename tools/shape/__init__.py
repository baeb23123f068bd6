"""What a model looks like, and what follows from that by counting alone. No engine is asked."""
