"""One file per instrument. Each declares a name, its parameters, and what it draws."""
