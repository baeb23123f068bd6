"""Make something public once: claimed before it is sent, so that a double click posts once."""

from dataclasses import dataclass

from bot.domain.posting import Post
from bot.usecases.clock import Clock
from bot.usecases.posting.ports import OpenPosts


@dataclass(frozen=True, slots=True)
class PostOnce:
    """Keep what was posted."""

    open_posts: OpenPosts
    now: Clock

    async def claim(self, post: Post) -> bool:
        """Return whether it is to be posted now; False: it stands in that channel already."""
        async with self.open_posts() as posts:
            return await posts.claim(post, self.now())

    async def release(self, post: Post) -> None:
        """Let it be posted another time: this time it couldn't be."""
        async with self.open_posts() as posts:
            await posts.release(post)
