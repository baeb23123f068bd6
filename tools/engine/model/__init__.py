"""A causal language model in this process: tokens in, logits out, what was computed kept."""
