"""Class rounds."""
