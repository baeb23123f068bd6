"""Reviews and reminders."""
