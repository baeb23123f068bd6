"""A whole semester through a simulated Discord, on its clock: `make semester`, not `make test`."""
