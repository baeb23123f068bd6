"""What can be found and cited: every term, every step and every question people ask."""

from bot.domain.passages import Source, passages_of


def test_every_term_and_every_step_can_be_cited(shipped):
    cited = {passage.source for passage in passages_of(shipped)}
    terms = {Source(term.lesson, term=term.term) for term in shipped.terms}
    steps = {Source(x.number, step=step.id) for x in shipped.lessons for step in x.sequence}
    assert cited == terms | steps


def test_a_question_is_a_passage_of_the_term_or_step_it_leads_to(shipped):
    by_title = {passage.title: passage for passage in passages_of(shipped)}
    for question in shipped.questions:
        passage = by_title[question.ask]
        assert passage.text == question.answer.strip()
        assert passage.asked == question.also
        assert (passage.source.term, passage.source.step) == (
            question.cites.term,
            question.cites.step,
        )


def test_no_passage_is_empty(shipped):
    assert [p for p in passages_of(shipped) if not p.title.strip() or not p.text.strip()] == []
