"""Grading teach-backs. A verdict of "met" rests on the learner's own words, or isn't given."""
