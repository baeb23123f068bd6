"""The graph's nodes: gate, gather, answer, hint, close."""
