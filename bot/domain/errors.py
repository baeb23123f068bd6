"""Every failure a learner can be told about. The text says what to do next.

    TutorError
    ├── StaleClick       the button belongs to a moment that has passed
    │   └── LessonGone   the course has that lesson no more
    ├── NotYours         the card belongs to somebody else
    ├── NotFound         no such lesson, term or card
    ├── UnusableAnswer   an answer that can't be taken as it is
    └── NotNow           too much at once, or too much for today

`RecordsAway` is beside it: its text is for the operator, and the learner gets `TOLD`.
`tools.errors` has the tree of what an instrument or engine may say.
"""


class TutorError(Exception):
    """Base of all failures whose text is safe to show."""


class StaleClick(TutorError):
    """The click belongs to a moment that has passed: an older card, or a second click."""

    def __init__(self, text: str = "That moment has passed. Here is where you are now.") -> None:
        super().__init__(text)


class LessonGone(StaleClick):
    """The course has that lesson no more; what was done in it is kept."""

    def __init__(self) -> None:
        super().__init__(
            "That lesson is no longer part of the course. What you did in it is kept, and yours to"
            " take with `/more mydata`. Here is what there is now."
        )


class NotYours(TutorError):
    """The card that was clicked belongs to another learner."""


class NotFound(TutorError):
    """No such lesson, term or card."""


class UnusableAnswer(TutorError):
    """An answer that can't be taken as it is; says what would be."""


class NotNow(TutorError):
    """Too much at once, or too much for today; says when it goes on."""


class RecordsAway(Exception):
    """What learners did can't be read or kept just now; the text says to the operator why."""

    TOLD = (
        "I can't reach my records just now, so don't count on this: it may not be kept. What you"
        " had locked in before is. Please try again in a minute."
    )
