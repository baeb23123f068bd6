"""A causal language model in this process: a tokenizer, a `forward.Forward`, and what they say."""
