"""Screens drawn as Components V2 cards. Pure: no awaiting, no use case, no clock."""
