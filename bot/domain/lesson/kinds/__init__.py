"""How each kind of step is answered, judged and told, a file each. registry.py lists them all."""
