"""Is what a learner wants of the tutor known, and is no question about the course taken for it?

Both lots of intents.yaml were written by the rule's author before the rule; `fresh` was not looked
at while it was made.
"""

from pathlib import Path
from typing import Any

import yaml

from bot.domain.tutor.intents import intent_of
from tests.eval.questions import PARTS, on_course
from tests.eval.table import Share

QUESTION = "question"
LOTS = ("tuned", "fresh")
_SETS: Any = yaml.safe_load(Path(__file__).with_name("intents.yaml").read_text("utf-8"))


def said(lot: str) -> list[tuple[str, str]]:
    """Return each text of a lot behind its label."""
    return [(label, text) for label, texts in _SETS[lot].items() for text in texts]


def taken_for(text: str) -> str:
    """Return the label that a text gets, as a first message."""
    found = intent_of(text)
    return found.intent.value if found else QUESTION


async def measure() -> list[Share]:
    """Count both lots, and the false alarms among all questions on the course."""
    shares = []
    for lot in LOTS:
        each = said(lot)
        right = sum(taken_for(text) == label for label, text in each)
        shares.append(Share(f"intents: {lot} known", right, len(each), 0.95))
    asked = [one.text for part in PARTS for one in on_course(part)]
    kept = sum(intent_of(text) is None for text in asked)
    shares.append(Share("intents: course questions left alone", kept, len(asked), 1.0))
    return shares
