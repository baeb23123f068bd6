"""Questions and answers: what the course says, and what may not be told yet."""
