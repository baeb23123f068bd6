"""Presses as ids and back; whatever was not written by us is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import StaleClick
from bot.domain.instrument.trial import TurnKnob
from bot.domain.lesson.commands import (
    AskHint,
    CommitGuess,
    Draft,
    Explain,
    Next,
    Rate,
    Reveal,
    Skip,
    Tick,
)
from bot.ui.buttons.custom_ids import LONGEST, Press, decode, encode
from bot.ui.buttons.instrument import (
    ChooseInstrument,
    Dialled,
    Enter,
    OpenInstrument,
    OpenInstruments,
    TryPrompt,
)
from bot.ui.buttons.lesson import Begin, ChooseLesson, Live, OpenHome, OpenOne, Write, WriteWhy
from bot.ui.buttons.tutor import (
    OpenStep,
    OpenTerm,
    OpenTrial,
    StopAnswer,
    WriteAbout,
    WriteAnswer,
    WriteQuestion,
)
from curriculum import budgets

numbers = st.integers(0, 10**18 - 1)
slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(
    lambda slug: len(slug) <= budgets.SLUG
)
marks = st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
keys = st.sampled_from(["", "A", "CAB", "EDCBA"])
knobs = st.from_regex(r"[a-z_]{1,16}", fullmatch=True)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=36)
presses = st.one_of(
    st.builds(Draft, numbers, slugs, keys),
    st.builds(CommitGuess, numbers, slugs, st.integers(0, 4), marks),
    st.builds(Reveal, numbers, slugs, st.none(), st.booleans()),
    st.builds(Rate, numbers, slugs, st.booleans()),
    st.builds(Tick, numbers, slugs, slugs),
    *(st.builds(kind, numbers, slugs) for kind in (AskHint, Skip, Next, Live, WriteWhy)),
    st.builds(Write, numbers, slugs, st.integers(1, 99)),
    st.builds(TurnKnob, numbers, numbers, knobs, values),
    *(st.builds(kind, numbers, numbers, knobs) for kind in (Dialled, Enter)),
    st.builds(ChooseInstrument, numbers),
    *(st.builds(kind, slugs) for kind in (OpenOne, Begin, OpenInstrument)),
    *(st.builds(kind, numbers) for kind in (StopAnswer, OpenTrial, WriteAnswer)),
    st.builds(WriteAbout, st.integers(1, 99), slugs),
    st.builds(OpenStep, slugs, slugs),
    st.builds(OpenTerm, values.filter(bool)),
    *(
        st.builds(kind)
        for kind in (OpenHome, TryPrompt, ChooseLesson, OpenInstruments, WriteQuestion)
    ),
)


@given(presses)
def test_a_press_survives_its_id(press: Press) -> None:
    custom_id = encode(press)
    assert decode(custom_id) == press
    assert len(custom_id) <= LONGEST


@given(st.text(max_size=100))
def test_any_other_text_is_refused_or_reads_back_as_it_stands(text: str) -> None:
    try:
        press = decode(text)
    except StaleClick:
        return
    assert decode(encode(press)) == press


@given(st.text(max_size=90))
def test_a_forged_tail_is_refused_or_reads_back(text: str) -> None:
    for verb in (
        "guess",
        "draft",
        "turn",
        "menu-dial",
        "rate",
        "term",
        "step",
        "stop",
        "answer",
        "about",
    ):
        try:
            press = decode(f"h1:{verb}:{text}")
        except StaleClick:
            continue
        assert decode(encode(press)) == press


def test_what_has_no_button_has_no_id() -> None:
    with pytest.raises(ValueError, match="stands behind no button"):
        encode(Explain(1, "x", "because"))
