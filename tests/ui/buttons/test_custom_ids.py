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
from bot.ui.buttons.custom_ids import LONGEST, SPELLINGS, Press, decode, encode
from bot.ui.buttons.instrument import (
    ChooseInstrument,
    Dialled,
    Enter,
    OpenInstrument,
    OpenInstruments,
    TryPrompt,
)
from bot.ui.buttons.lesson import (
    Begin,
    ChooseLesson,
    Live,
    OpenHome,
    OpenOne,
    ToLesson,
    Write,
    WriteWhy,
)
from bot.ui.buttons.spelling import flag, number
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
        for kind in (OpenHome, ToLesson, TryPrompt, ChooseLesson, OpenInstruments, WriteQuestion)
    ),
)


@given(presses)
def test_a_press_survives_its_id(press: Press) -> None:
    custom_id = encode(press)
    assert decode(custom_id) == press
    assert len(custom_id) <= LONGEST


def reads_back(custom_id: str) -> bool:
    """Whether an id is read, and then reads back as it stands; False where it is refused."""
    try:
        press = decode(custom_id)
    except StaleClick:
        return False
    assert encode(press) == custom_id
    return True


@given(st.text(max_size=100))
def test_any_other_text_is_refused_or_reads_back_as_it_stands(text: str) -> None:
    reads_back(text)


@pytest.mark.parametrize("word", SPELLINGS)
@given(st.text(max_size=110))
def test_a_forged_tail_of_any_word_is_refused_or_reads_back_as_it_stands(
    word: str, text: str
) -> None:
    reads_back(f"h1:{word}")
    reads_back(f"h1:{word}:{text}")


# what Python takes for the number 7 or for a claim, and nobody ever wrote
SEVENS = ("07", "007", "+7", "-7", " 7", "7 ", "7\t", "7.0", "0_7", "٧", "７", "7e0", "0x7", "")
CLAIMS = ("01", "2", "-1", "True", "true", " 1", "1 ", "١", "１", "")


@pytest.mark.parametrize("word", SPELLINGS)
def test_a_number_or_claim_in_another_spelling_is_refused_in_every_place_of_every_word(
    word: str,
) -> None:
    readers = SPELLINGS[word].readers
    spelt = ["1" if r is flag else "7" if r is number else "talk" for r in readers]
    assert reads_back(":".join(["h1", word, *spelt]))
    for place, reader in enumerate(readers):
        others = CLAIMS if reader is flag else SEVENS if reader is number else ()
        for other in others:
            forged = [*spelt[:place], other, *spelt[place + 1 :]]
            assert not reads_back(":".join(["h1", word, *forged])), forged


@pytest.mark.parametrize(
    "custom_id",
    [
        "h1:draft:007:x:A",
        "h1:guess:7:pick:00:9f86d081",
        "h1:home:",
        "h1:home:x",
        "h١:home",
        "H1:home",
        "h1:Home",
        "h1: home",
        "h1:home\n",
        "h1:term:" + "x" * 93,
        "h1:stop:9223372036854775808",
        "h1:round:7:7:over",
        "",
        "h1",
        "h1:",
    ],
)
def test_what_was_never_written_like_that_is_refused(custom_id: str) -> None:
    assert not reads_back(custom_id)


def test_what_has_no_button_has_no_id() -> None:
    with pytest.raises(ValueError, match="stands behind no button"):
        encode(Explain(1, "x", "because"))
