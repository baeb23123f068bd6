"""One callable for each thing a person can do. The outside is reached through ports.py."""
