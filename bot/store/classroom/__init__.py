"""A class's counts, and all of it for a report."""
