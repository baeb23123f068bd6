"""Asking, and looking words up, without being told what is yet to be guessed."""
