"""Discord. Presses become commands; screens become cards. Only this package imports discord."""
