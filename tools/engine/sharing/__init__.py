"""One engine for many learners: equal requests become one, limits hold, failures are left alone."""
