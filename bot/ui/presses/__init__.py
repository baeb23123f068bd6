"""What clickables stand for, a file an area. A command of the domain is a press as it is."""
