"""Slash commands, one file a topic. Cogs never import each other."""
