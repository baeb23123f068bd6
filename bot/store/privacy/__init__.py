"""All of one person's rows."""
