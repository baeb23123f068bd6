"""Ask Discord whom a token belongs to, without connecting."""

import aiohttp
import discord


class TokenError(Exception):
    """The token is of no use; the text says why and what to do."""


async def name_of(token: str) -> str:
    """Return the bot's name.

    Raises:
        TokenError: Discord refused the token, or can't be reached.
    """
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(token)
        return str(client.user)
    except discord.LoginFailure:
        raise TokenError("Discord refused it. Copy it again from the Bot page.") from None
    except discord.HTTPException as error:
        raise TokenError(_refusal(error)) from None
    except (aiohttp.ClientError, OSError) as error:
        raise TokenError(
            f"Can't reach Discord ({type(error).__name__}). See that this machine has a way out."
        ) from None
    finally:
        await client.close()


def _refusal(error: discord.HTTPException) -> str:
    if error.status == 429 or error.status >= 500:  # these pass
        return f"Discord answers with {error.status}. Try again later."
    return f"Discord refuses it ({error.status}): {error.text or 'no reason'}. Make a new token."
