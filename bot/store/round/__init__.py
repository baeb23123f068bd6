"""Class rounds and their votes."""
