"""One folder a noun: what is typed (commands), pressed (handler) and written (windows)."""
