"""The course as a book to keep: one HTML page, or Markdown, that needs no bot and no network."""
