"""The day's passage, guessed token by token."""
