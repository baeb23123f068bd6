"""The real sentence encoder, in the cache that `hunch` uses too."""

import os
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from tools.engine.encoder.encoder import SentenceEncoder
from tools.engine.encoder.weights import ensure_encoder


def cache_dir() -> Path:
    chosen = os.environ.get("HUNCH_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("hunch", appauthor=False)


@cache
def sentence_encoder() -> SentenceEncoder:
    """One for all tests of a run; its thread is a daemon and ends with them."""
    return SentenceEncoder(lambda: ensure_encoder(cache_dir(), is_quiet=True))
