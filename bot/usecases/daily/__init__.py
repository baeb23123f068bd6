"""The day's passage."""
