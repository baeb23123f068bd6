"""What learners made public, in SQL. Implements `Posts`."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.domain.posting import Post
from bot.store.database import Database, Link, transactions
from bot.store.statements import upsert
from bot.store.tables.learner import LEARNER
from bot.store.tables.posting import POSTED
from bot.usecases.posting.ports import OpenPosts


class SqlPosts:
    """Posts inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def claim(self, post: Post, now: datetime) -> bool:
        """Keep that it is posted; False if it was already, or nobody knows the learner."""
        known = select(LEARNER.c.id).where(LEARNER.c.id == post.learner_id)
        if (await self._connection.execute(known)).first() is None:
            return False
        row = {
            "learner_id": post.learner_id,
            "channel_id": post.channel_id,
            "what": post.what,
            "at": now,
        }
        query = upsert(self._connection.dialect.name, POSTED).values(row)
        query = query.on_conflict_do_nothing().returning(POSTED.c.what)
        return (await self._connection.execute(query)).first() is not None

    async def release(self, post: Post) -> None:
        """Forget it: it couldn't be posted after all."""
        p = POSTED.c
        mine = (p.learner_id == post.learner_id, p.channel_id == post.channel_id)
        await self._connection.execute(delete(POSTED).where(*mine, p.what == post.what))


def open_with(engine: Database) -> OpenPosts:
    """Bind posts to a database."""
    return transactions(engine, SqlPosts)
