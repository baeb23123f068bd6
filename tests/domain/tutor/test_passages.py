"""What can be found and cited: every term, every step and every question people ask."""

from bot.domain.tutor.passages import Source, answers_of, passages_of


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


def test_each_way_of_asking_leads_to_the_passage_that_answers(shipped):
    found = {way: passage for passage in passages_of(shipped) for way in passage.ways}
    right = answers_of(shipped)
    for each in shipped.asking.asked:
        for way in each.ways:
            passage = found[way]
            assert (passage.source.term, passage.source.step) == (each.cites.term, each.cites.step)
            assert passage.source not in right or passage.text == right[passage.source].text
