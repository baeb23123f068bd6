"""Questions, and answers on their way."""
