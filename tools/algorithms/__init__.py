"""Algorithms that instruments show at work: sampling, search, schedules. No card is drawn here."""
