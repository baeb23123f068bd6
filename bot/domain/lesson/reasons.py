"""A learner's reason for a guess, beside the one that the lesson gives. Pure."""

from bot.domain.words import sentences, stems


def nearest(why: str, reply: str) -> str | None:
    """Return the sentence of a reply that shares most words with a reason; None if none does."""
    said = stems(why)
    shared = {sentence: len(said & stems(sentence)) for sentence in sentences(reply)}
    best = max(shared, key=lambda sentence: shared[sentence], default=None)
    return " ".join(best.split()) if best and shared[best] else None
