"""The kinds of step, a file each: fields, words, room, rules. registry.py lists them all."""
