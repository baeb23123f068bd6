"""How each kind of step is asked on a card, a file each. registry.py lists them all."""
