"""What runs a model. Only local.py and what it calls may load torch, and only late."""
