"""A step on its way: question, locked, reveal, recap."""
