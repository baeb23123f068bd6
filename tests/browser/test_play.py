"""`hunch play` from the browser, with the real model: what a newcomer does first."""

import os
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import Play
from tests.browser.film import READ_MS, Film
from tests.browser.page import PlayPage

PHONE = {"width": 360, "height": 780}
WRONG = "It settles the whole reply, then streams it out"
TOLD = "It adds one piece, looks again, adds the next"
MOST_BYTES = 2_000_000  # of the moving picture in the README


async def guess_and_reveal(person: PlayPage) -> None:
    await person.reads("Guess what it is.")
    await person.press("Start")
    await person.reads("How does a reply come into being?")
    await person.press(await person.letter_of(WRONG))
    await person.reads("How sure are you?")
    await person.press("likely")
    await person.reads(TOLD)


async def test_a_newcomer_guesses_reveals_and_asks_the_model(
    chromium: Browser, play: Play, tmp_path: Path
) -> None:
    async with play() as playing:
        page = await chromium.new_page(viewport=PHONE, device_scale_factor=2)  # type: ignore[arg-type]
        person = PlayPage(page)
        film = Film(person)
        await person.open(playing.url)
        await film.press("Start", READ_MS)
        await person.reads("Guess what it is.")
        await film.take(READ_MS)
        await person.press("Start")
        await person.reads("How does a reply come into being?")
        await film.take(READ_MS)
        await film.press(await person.letter_of(WRONG))
        await person.reads("How sure are you?")
        await film.take()
        await film.press("likely")
        await person.reads(TOLD)
        await film.take(2 * READ_MS, top="You said ")
        await person.type("nexttoken", prompt="The pods of Kubernetes are scheduled by the")
        await person.reads("How sure is it of its first choice?")
        await film.press("10 to 30 %", READ_MS)
        await person.reads(
            "live · SmolLM2-135M-Instruct, Q4_1, raw text without its chat template (embedded)"
        )
        await film.take(READ_MS, top="You said")
        await film.press("Append ␣Ku")
        await person.reads("Undo")
        await film.take(READ_MS, top="likeliest first")
        picture = Path(os.environ.get("HUNCH_PICTURE", tmp_path / "play.gif"))
        assert 100_000 < film.save(picture) < MOST_BYTES
        code, last = await playing.stop()
    assert code == 0, last
    assert "Your progress is kept." in last
    assert "Traceback" not in last


async def test_a_second_evening_goes_on_where_the_first_ended(
    chromium: Browser, play: Play
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.press("Start")  # of the welcome card: no command needs to be known
        await guess_and_reveal(person)
        assert await person.widest() == 0
        await playing.stop()
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.type("lesson")
        await person.reads(TOLD)
        await person.press("Next")
        await person.press("Next")  # past the passage, which has a card of its own
        await person.press("Run it")
        await person.reads(
            "live · SmolLM2-135M-Instruct, Q4_1, raw text without its chat template (embedded)"
        )
        await person.type("more progress")
        await person.reads("right at first try")
        assert await person.widest() == 0


async def test_a_mention_and_a_reply_are_answered_and_every_card_fits(
    chromium: Browser, play: Play, tmp_path: Path
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.say("@Hunch I'm lost")
        await person.reads("it is hard at first for nearly everybody")
        await person.reply("What is a KV cache?")
        await person.reads("keys and values of all tokens so far")
        await person.type("hunch")
        for label in ("More", "My data"):
            await person.press(label)
            assert await person.widest() == 0
        await person.reads("What I keep about you")


async def test_typing_train_offers_train_first(chromium: Browser, play: Play) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        assert (await person.offered("train")).startswith("/model train")


async def test_an_open_tab_says_what_to_do_after_a_restart_and_a_reload_goes_on(
    chromium: Browser, play: Play, unused_tcp_port: int
) -> None:
    port = ("--port", str(unused_tcp_port))
    async with play(*port) as playing:
        address = playing.url
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(address)
        code, last = await playing.stop()
    assert (code, "Traceback" in last) == (0, False)
    async with play(*port) as playing:
        assert playing.url == address
        await expect(person.page.get_by_text("Reload the active Preview URL")).to_be_visible()
        await person.page.reload()
        await person.open(address)


async def test_what_takes_seconds_says_so_while_it_is_measured(
    chromium: Browser, play: Play
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.type("serving phases")
        await person.press("Just show me")
        await person.reads("Nothing after a minute? Then press again.")
        await person.offers("Just show me")
        assert await person.widest() == 0
        await playing.stop()
