"""What returns to a learner: cards, when they are due, reminders."""
