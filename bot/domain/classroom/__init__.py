"""A class as its instructors see it: counts of everybody, names of those who agreed."""
