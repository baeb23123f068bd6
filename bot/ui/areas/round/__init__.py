"""Class rounds, and their cards kept up to date."""
