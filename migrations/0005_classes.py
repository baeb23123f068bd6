"""Classes: who is shown, where learners stand, first tries by how sure, assignments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)
# first guesses that came with a confidence; recalls and teach-backs have none
_COUNT_TRIES = """
INSERT INTO first_try (cohort_id, lesson, step, said, tries, judged, right_tries)
SELECT a.cohort_id, a.lesson, g.step, CAST(round(g.confidence * 1000) AS INTEGER),
       count(*), count(g.is_right), sum(CASE WHEN g.is_right THEN 1 ELSE 0 END)
FROM guess g JOIN attempt a ON a.id = g.attempt_id
WHERE a.run = 1 AND g.confidence IS NOT NULL
GROUP BY 1, 2, 3, 4
"""
_COUNT_RUNS = """
INSERT INTO standing (cohort_id, lesson, begun, done)
SELECT cohort_id, lesson, count(*), sum(CASE WHEN phase = 'finished' THEN 1 ELSE 0 END)
FROM attempt WHERE run = 1 GROUP BY 1, 2
"""
_FIND_PLACES = """
UPDATE membership SET (lesson, step, since) = (
    SELECT a.lesson, a.step, a.changed FROM attempt a
    WHERE a.learner_id = membership.learner_id AND a.phase <> 'finished'
    ORDER BY a.changed DESC, a.id DESC LIMIT 1
)
"""


def upgrade() -> None:
    """Make the tables, and count what was guessed before they were there."""
    for column in _seen_by_instructors():
        op.add_column("membership", column)
    op.create_table(
        "first_try",
        sa.Column("cohort_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lesson", sa.String(24), primary_key=True),
        sa.Column("step", sa.String(24), primary_key=True),
        sa.Column("said", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("right_tries", sa.Integer, nullable=False),
    )
    op.create_table(
        "standing",
        sa.Column("cohort_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lesson", sa.String(24), primary_key=True),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
    )
    op.create_table(
        "assignment",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, _owned_by("cohort"), nullable=False),
        sa.Column("lesson", sa.String(24), nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.Column("reminded", _MOMENT),
        sa.UniqueConstraint("cohort_id", "lesson"),
    )
    op.create_index(None, "assignment", ["reminded", "due"])
    for statement in (_COUNT_TRIES, _COUNT_RUNS, _FIND_PLACES):
        op.execute(statement)
    op.create_index(None, "membership", ["cohort_id", "is_shown", "since"])
    op.create_index(None, "tally", ["cohort_id", "answer"])
    is_open = sa.text("answer IS NULL")
    op.create_index(
        "ix_question_open",
        "question",
        ["cohort_id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_question_open", "question")
    op.drop_index("ix_tally_cohort_id", "tally")
    op.drop_index("ix_membership_cohort_id", "membership")
    for name in ("assignment", "standing", "first_try"):
        op.drop_table(name)
    for column in _seen_by_instructors():
        op.drop_column("membership", column.name)


def _seen_by_instructors() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("is_shown", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("name", sa.Text),
        sa.Column("asked", _MOMENT),
        sa.Column("decided", _MOMENT),
        sa.Column("lesson", sa.String(24)),
        sa.Column("step", sa.String(24)),
        sa.Column("since", _MOMENT),
    )


def _owned_by(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
