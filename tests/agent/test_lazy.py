from bot.agent.lazy import Lazy


class Made:
    """Says whether it was closed."""

    def __init__(self) -> None:
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


async def test_it_is_built_once() -> None:
    lazy = Lazy(Made)
    assert await lazy.made() is await lazy.made()


async def test_it_is_built_anew_once_what_it_is_made_of_was_renewed() -> None:
    lessons = [("as it was",)]
    lazy = Lazy(Made, lambda: lessons[0])
    former = await lazy.made()
    assert await lazy.made() is former
    lessons[0] = ("as it is now",)
    newer = await lazy.made()
    assert (former.is_closed, newer.is_closed) == (True, False)
    assert await lazy.made() is newer
