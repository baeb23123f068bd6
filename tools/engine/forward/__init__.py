"""Ids in, scores out. One door, `Forward`; our own kernel or plain transformers behind it."""
