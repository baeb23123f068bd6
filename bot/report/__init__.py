"""The instructor's page, files and flashcards; nothing else imports altair or genanki."""
