"""Settings that are set and yet not read: names that are none, and what goes with another. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from bot.settings import Settings

PREFIX = "HUNCH_"
_NEEDED = {
    **dict.fromkeys(("model", "model_key", "tokenizer", "kv_events"), ("model_url",)),
    "chat_key": ("chat_url",),
    "chat_model": ("chat_url", "model_url"),
}
_ALIKE = 0.75  # of difflib's ratio: `CHAT_ULR`, `MODLE`
_MOST_MEANT = 3


def unread(environment: Mapping[str, str], settings: Settings) -> list[str]:
    """Return a sentence for each variable of ours that somebody set in vain.

    A name that resembles no setting is another program's: Kubernetes makes some for each service.

    Args:
        environment: What is set, by name; its values aren't looked at.
        settings: What was read of it.
    """
    names = sorted(name.upper() for name in environment if name.upper().startswith(PREFIX))
    return [*_misspelt(names), *_alone(settings)]


def _misspelt(names: Iterable[str]) -> Iterator[str]:
    known = [name.upper() for name in Settings.model_fields]
    for name in names:
        typed = name.removeprefix(PREFIX)
        if typed not in known and (meant := _meant(typed, known)):
            which = " or ".join(f"{PREFIX}{one}" for one in meant)
            yield f"{name} is no setting. Did you mean {which}?"


def _meant(typed: str, known: Iterable[str]) -> list[str]:
    """Return the settings that a name may stand for: one spelt alike, else those of its words."""
    ratios = {one: SequenceMatcher(None, typed, one).ratio() for one in known}
    closest = max(ratios, key=lambda one: ratios[one])
    if ratios[closest] >= _ALIKE:
        return [closest]
    words = {*typed.split("_")}
    sharing = [one for one in known if 2 * len(words & {*one.split("_")}) >= len(words)]
    return sorted(sharing, key=lambda one: -ratios[one])[:_MOST_MEANT]


def _alone(settings: Settings) -> Iterator[str]:
    """Yield what is set for a server that isn't named, or for a model that isn't asked."""
    for name, needed in _NEEDED.items():
        if name in settings.model_fields_set and not any(getattr(settings, one) for one in needed):
            which = " or ".join(f"{PREFIX}{one.upper()}" for one in needed)
            yield f"{PREFIX}{name.upper()} needs {which}: without, it isn't used."
    if settings.local_model and settings.model_url:
        yield "HUNCH_LOCAL_MODEL isn't used: the server at HUNCH_MODEL_URL is."
