"""What presses do, a file an area. A play asks use cases and draws; it never sees Discord."""
