"""Sentences as vectors. One door, `Encodes`; a graph of our own or plain transformers behind it."""
