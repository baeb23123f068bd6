"""A lesson taken: attempt, guesses, the state machine, what may be seen of it."""
