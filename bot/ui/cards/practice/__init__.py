"""Cards to review, and reminders."""
