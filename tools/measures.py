"""Words that stand behind a number: scales such as `million`, and units that measure something."""

SCALES = {
    "hundred": 1e2,
    **dict.fromkeys(("k", "tsd", "thousand", "thousands"), 1e3),
    **dict.fromkeys(("hundred thousand", "lakh", "lakhs", "lac"), 1e5),
    **dict.fromkeys(("m", "mn", "mio", "mil", "mill", "million", "millions", "millionen"), 1e6),
    **dict.fromkeys(("crore", "crores", "cr"), 1e7),
    **dict.fromkeys(("b", "bn", "g", "mrd", "milliard", "milliards", "billion", "billions"), 1e9),
    **dict.fromkeys(("t", "tn", "trillion", "trillions"), 1e12),
}

GLUED = {"万": 1e4, "亿": 1e8, "億": 1e8}  # what follows may be written right behind it

# What a unit measures, and how much of it: bytes, seconds, a share of the whole.
MEASURES: dict[str, dict[str, float]] = {
    "size": {
        **dict.fromkeys(("bit", "bits"), 1 / 8),
        **dict.fromkeys(("byte", "bytes"), 1.0),
        **{f"{sign}b": 1000.0**n for n, sign in enumerate("kmgtp", 1)},
        **{f"{sign}ib": 1024.0**n for n, sign in enumerate("kmgtp", 1)},
    },
    "time": {
        **dict.fromkeys(("ns", "nanoseconds"), 1e-9),
        **dict.fromkeys(("μs", "us", "microsecond", "microseconds"), 1e-6),
        **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1e-3),
        **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
        **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    },
    "share": dict.fromkeys(("%", "percent", "pct", "point", "points"), 0.01),
}

# Letters that mean a measure where one is asked for, and a scale elsewhere.
LETTERS: dict[str, dict[str, float]] = {
    "size": {"b": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12},
    "time": {"m": 60.0},
    "share": {},
}
PERCENT = ("%", "percent", "pct")
UNSURE = frozenset("mbgt")  # scales of one letter that might have been another word's
