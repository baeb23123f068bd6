"""The ids of buttons on messages that were sent long ago, to the letter."""

import pytest

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, TurnKnob
from bot.domain.lesson.commands import (
    AskHint,
    CommitGuess,
    Draft,
    LockIn,
    Next,
    NextPast,
    Rate,
    Reveal,
    Skip,
    Tick,
)
from bot.domain.path.commands import BeginPlacement, PlaceAnswer, RedoAnswer
from bot.domain.practice.commands import BringBack, GradeCard, LookUp, SetAside, TakeBack
from bot.ui.buttons import classroom, daily, instrument, lesson, path, practice, privacy, tutor
from bot.ui.buttons import round as rounds
from bot.ui.buttons.classroom import (
    LetSee,
    OpenBeliefs,
    OpenCohort,
    OpenSharing,
    TakeCards,
    TakeReport,
)
from bot.ui.buttons.custom_ids import SPELLINGS, Press, decode, encode
from bot.ui.buttons.daily import AskAgain, GoOnWithout, OpenDaily, PostDaily, WriteToken
from bot.ui.buttons.instrument import (
    ChooseInstrument,
    Dialled,
    Enter,
    GuessFromMenu,
    OpenInstrument,
    OpenInstruments,
    TryPrompt,
)
from bot.ui.buttons.lesson import (
    Begin,
    ChooseLesson,
    Live,
    OpenHome,
    OpenMore,
    OpenOne,
    PostRecap,
    TakeUp,
    ToLesson,
    Write,
    WriteAgain,
    WriteWhy,
    WriteWords,
)
from bot.ui.buttons.path import (
    OpenCertificate,
    OpenPlacement,
    OpenRedo,
    PostCertificate,
    WriteRedo,
)
from bot.ui.buttons.practice import OpenProgress, OpenReminder, OpenReview, ShowRank, StopReminding
from bot.ui.buttons.privacy import AskDeletion, DeleteAll, KeepAll, OpenMyData, TakeMyData
from bot.ui.buttons.round import MoveOn, PickVote, PlaceStage, SaySure, WriteVote
from bot.ui.buttons.tutor import (
    ForgetHere,
    GoAndGuess,
    OpenStep,
    OpenTerm,
    OpenTrial,
    StopAnswer,
    WriteAbout,
    WriteAnswer,
    WriteQuestion,
    WriteTerm,
)

SENT: dict[Press, str] = {
    OpenCohort(): "h1:cohort",
    OpenBeliefs("ab"): "h1:beliefs:ab",
    TakeReport(True): "h1:report:1",
    OpenSharing(): "h1:sharing",
    TakeCards(): "h1:flashcards",
    LetSee(True): "h1:share:1",
    Draft(42, "ab", "ab"): "h1:draft:42:ab:ab",
    CommitGuess(42, "ab", 4, "ab"): "h1:guess:42:ab:4:ab",
    Reveal(42, "ab"): "h1:reveal:42:ab",
    Reveal(42, "ab", is_without_model=True): "h1:without:42:ab",
    Rate(42, "ab", True): "h1:rate:42:ab:1",
    Tick(42, "ab", "ab"): "h1:tick:42:ab:ab",
    AskHint(42, "ab"): "h1:hint:42:ab",
    Skip(42, "ab"): "h1:skip:42:ab",
    Next(42, "ab"): "h1:next:42:ab",
    NextPast(42, "ab", "cd"): "h1:past:42:ab:cd",
    LockIn(42, "ab", "A", 3): "h1:lock:42:ab:A:3",
    OpenHome(): "h1:home",
    OpenMore(): "h1:more",
    OpenOne("ab"): "h1:open:ab",
    ToLesson(): "h1:to-lesson",
    Begin("ab"): "h1:begin:ab",
    Live(42, "ab"): "h1:live:42:ab",
    TakeUp(42, "ab"): "h1:take-up:42:ab",
    PostRecap(42): "h1:post-recap:42",
    Write(42, "ab", 4): "h1:write:42:ab:4",
    WriteWords(42, "ab", 4): "h1:words:42:ab:4",
    WriteAgain(42, "ab", 4): "h1:again-words:42:ab:4",
    WriteWhy(42, "ab"): "h1:why:42:ab",
    ChooseLesson(): "h1:menu-lesson",
    OpenDaily(): "h1:daily",
    WriteToken(42, 3): "h1:token:42:3",
    AskAgain(42, 3): "h1:again:42:3",
    GoOnWithout(42, 3): "h1:go-on:42:3",
    PostDaily(42): "h1:post-guess:42",
    TurnKnob(42, 3, "ab", "a:b"): "h1:turn:42:3:ab:a:b",
    Enter(42, 3, "ab"): "h1:enter:42:3:ab",
    TryPrompt(): "h1:try",
    OpenInstrument("ab"): "h1:show:ab",
    OpenInstruments(): "h1:instruments",
    Dialled(42, 3, "ab"): "h1:menu-dial:42:3:ab",
    ChooseInstrument(42): "h1:menu-instrument:42",
    OpenPlacement(): "h1:placement",
    BeginPlacement(): "h1:place-begin",
    PlaceAnswer(3, "A"): "h1:place:3:A",
    OpenRedo(): "h1:redo",
    RedoAnswer(4, "ab", 3, "ABC"): "h1:redo-say:4:ab:3:ABC",
    WriteRedo(4, "ab", 3): "h1:redo-write:4:ab:3",
    OpenCertificate(): "h1:certificate",
    PostCertificate(): "h1:post-certificate",
    OpenReview(): "h1:review",
    LookUp(42, 3, "ab"): "h1:look:42:3:ab",
    GradeCard(42, 3, 4): "h1:grade:42:3:4",
    TakeBack(42): "h1:take-back:42",
    SetAside(42, 3): "h1:aside:42:3",
    BringBack(): "h1:bring-back",
    OpenReminder(): "h1:reminder",
    StopReminding(): "h1:unremind",
    OpenProgress(True): "h1:progress:1",
    ShowRank(True): "h1:rank:1",
    OpenMyData(): "h1:privacy",
    TakeMyData(): "h1:my-data",
    AskDeletion(): "h1:delete",
    DeleteAll(42, 3): "h1:delete-me:42:3",
    KeepAll(): "h1:keep-me",
    PickVote(42, 3, "ab"): "h1:vote:42:3:ab",
    WriteVote(42, 3, 4, "ab"): "h1:vote-write:42:3:4:ab",
    PlaceStage(42, 3, "ab"): "h1:vote-place:42:3:ab",
    SaySure(42, 3, 4): "h1:vote-sure:42:3:4",
    MoveOn(42, 3, "talk"): "h1:round:42:3:talk",
    WriteQuestion(): "h1:ask",
    WriteAbout(42, "ab"): "h1:about:42:ab",
    StopAnswer(42): "h1:stop:42",
    OpenStep("ab", "ab"): "h1:step:ab:ab",
    GoAndGuess("ab", "ab"): "h1:go-guess:ab:ab",
    OpenTerm("a:b"): "h1:term:a:b",
    GuessAtTrial(42, 3): "h1:foresee:42:3",
    ShowAtOnce(42): "h1:at-once:42",
    GuessFromMenu(42): "h1:menu-foresee:42",
    WriteTerm(): "h1:word",
    ForgetHere(): "h1:forget",
    OpenTrial(42): "h1:trial:42",
    WriteAnswer(42): "h1:answer:42",
}


@pytest.mark.parametrize(("press", "custom_id"), SENT.items(), ids=SENT.values())
def test_a_button_sent_long_ago_still_stands_for_the_same_press(
    press: Press, custom_id: str
) -> None:
    assert decode(custom_id) == press
    assert encode(press) == custom_id


def test_no_spelling_is_missing_above() -> None:
    assert {custom_id.split(":")[1] for custom_id in SENT.values()} == set(SPELLINGS)


def test_no_two_areas_spell_a_press_the_same_way() -> None:
    """Class: two tables made one, and what both hold lost without a word."""
    tables = (classroom, daily, instrument, lesson, path, practice, privacy, rounds, tutor)
    assert len(SPELLINGS) == sum(len(table.SPELLINGS) for table in tables)
