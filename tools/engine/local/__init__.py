"""A model in this process, as an engine: one worker thread, requests answered together."""
