"""Plans, cards, reviews."""
