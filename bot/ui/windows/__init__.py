"""Windows to write in. They hold no state: a submission is read by its custom_id."""
