"""What is timed, against what: `python -m bench`. Needs no network; writes bench/results/."""
