"""Every use case that the learner's edge calls, in one place to hand about."""

from dataclasses import dataclass

from bot.domain.privacy.sent import Receivers
from bot.usecases.classroom.classroom import Classroom
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.instrument.guessing import AskFirst, GuessTrial
from bot.usecases.instrument.trials import KeepTrial, PresentTrial, StartTrial, TurnTrial
from bot.usecases.lesson.exhibits import SeeLive
from bot.usecases.lesson.grading import GradeTeachback
from bot.usecases.lesson.recapping import ShowRecap
from bot.usecases.lesson.turns import BeginLesson, OpenLesson, PresentCard
from bot.usecases.path.pathfinding import Pathfinding
from bot.usecases.posting.posting import PostOnce
from bot.usecases.practice.reviewing import KeepCards
from bot.usecases.practising import Practising
from bot.usecases.privacy.own_data import OwnData
from bot.usecases.progress.standing import ShowHome, ShowProgress
from bot.usecases.round.class_rounds import ClassRounds
from bot.usecases.tutor.asking import AskTutor, ForgetTalk
from bot.usecases.tutor.glossary import KeepBack
from bot.usecases.tutor.questions import AnswerQuestion, ListQuestions, ReadAnswers
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class UseCases:
    """What a learner can do."""

    course: Course
    open_lesson: OpenLesson
    begin_lesson: BeginLesson
    take_turn: KeepCards
    present_card: PresentCard
    show_recap: ShowRecap
    see_live: SeeLive
    show_home: ShowHome
    show_progress: ShowProgress
    open_trial: AskFirst
    start_trial: StartTrial
    guess_trial: GuessTrial
    turn_trial: TurnTrial
    present_trial: PresentTrial
    keep_back: KeepBack
    keep_trial: KeepTrial
    ask_tutor: AskTutor
    forget_talk: ForgetTalk
    check_instructor: CheckInstructor
    list_questions: ListQuestions
    answer_question: AnswerQuestion
    read_answers: ReadAnswers
    grade_teachback: GradeTeachback
    rounds: ClassRounds
    own_data: OwnData
    receivers: Receivers
    post_once: PostOnce
    practice: Practising
    path: Pathfinding
    classroom: Classroom
