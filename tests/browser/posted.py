"""Cards on the page, posted by a bot that does nothing else: no model and no database."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import discord
import simcord
from playwright.async_api import Browser, Page, expect

from bot.ui.cards.kit import Card
from bot.ui.edge.replies import files_of

PHONE = {"width": 360, "height": 780}

FONTS = "Promise.all([...document.fonts].map((font) => font.load()))"


@asynccontextmanager
async def posted(chromium: Browser, cards: Sequence[Card]) -> AsyncIterator[Page]:
    """Open the page, as wide as a phone, on a channel with these cards and nothing else."""
    client = discord.Client(intents=discord.Intents.default())
    env = simcord.Env(client, check_errors=False)
    guild = env.create_guild(name="Hunch")
    channel = guild.create_text_channel("inference")
    you = guild.add_member(env.create_user("you"))
    await env.start()
    try:
        into = client.get_channel(channel.id)
        assert isinstance(into, discord.TextChannel)
        for one in cards:
            await into.send(view=one, files=await files_of(one))
        async with env.preview(channel, viewers=[you], layout="channel", port=0) as preview:
            page = await chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
            await page.goto(preview.url)
            shown = page.locator(".component-container")
            await shown.nth(len(cards) - 1).wait_for()
            await page.evaluate(FONTS)
            # while the page fits itself to its window it has a scrollbar more than at the end
            timeline = page.locator("#channel-timeline")
            await expect(timeline).to_have_js_property("offsetWidth", PHONE["width"])
            yield page
            await page.close()
    finally:
        await env.shutdown()
