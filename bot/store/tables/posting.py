"""What learners made public, so that nothing is posted twice."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from bot.store.tables.metadata import UtcDateTime, metadata

POSTED = Table(
    "posted",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(40), primary_key=True),  # a twin is refused here
    Column("at", UtcDateTime, nullable=False),
)
