"""A class round: one step put to a channel, guessed at twice."""
