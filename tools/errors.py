"""Every failure of an instrument or engine that a person can be told about.

    ToolError
    ├── BadInput            the prompt or a parameter can't be used as it is
    ├── Missing             the engine can't do what the instrument needs
    └── EngineError
        ├── Unavailable     no answer: down, refused, timed out, overloaded, still loading failed
        ├── Nonsense        an answer that can't be true: not JSON, NaN, empty, wrong shape
        └── WeightsError    the embedded model could not be fetched, checked or converted

The text of each says what happened and what to do next, in a sentence or two fit for a card.
"""


class ToolError(Exception):
    """Base of all failures whose text is safe to show."""


class BadInput(ToolError):
    """The prompt or a parameter can't be used as it is."""


class Missing(ToolError):
    """The engine can't do what the instrument needs."""


class EngineError(ToolError):
    """The model behind the engine gave no usable answer."""


class Unavailable(EngineError):
    """No answer came: down, refused, timed out or overloaded."""


class Nonsense(EngineError):
    """An answer came that can't be true."""


class WeightsError(EngineError):
    """The embedded model could not be fetched, checked or converted."""
