"""Answers, and questions left to instructors."""
