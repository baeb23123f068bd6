"""What shows a model at work: engines and instruments. Knows no Discord, no SQL, no lesson."""
