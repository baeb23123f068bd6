"""A lesson shown to its author as it is written: read again, and shown again, at each save."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.cli.watching import saved
from bot.settings import Settings
from bot.wiring.course import checked_course, renew
from curriculum.errors import CourseError
from curriculum.loader import HERE
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Preview:
    """A course that is being taught and written at once."""

    settings: Settings
    course: Course
    show: Callable[[], Awaitable[None]]  # puts the lesson before its author

    async def keep_reading(self, say: Callable[[str], None]) -> None:
        """Show the lesson again after each save; tell mistakes and go on with what was."""
        read = partial(checked_course, self.settings, is_draft=True)
        async for _ in saved(self.settings.course_dir or HERE):  # first what was saved since
            try:
                newer = await asyncio.to_thread(read)
            except CourseError as error:
                say(f"{error}\nThe page shows the course as it was.")
                continue
            if newer != self.course:
                renew(self.course, newer)
                say("Read again.")
                await self.show()
