"""Where Discord is met: acknowledge, answer, edit, say what failed. The only broad excepts."""
