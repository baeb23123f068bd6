"""Screens drawn as cards. Pure: no use case and no handler is called."""
