"""The course, searched: by words and by meaning."""
