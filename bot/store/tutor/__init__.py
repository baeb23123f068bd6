"""Conversations, and questions left to instructors."""
