"""What Discord sends, cut down to what discord.py reads. Shapes: discord.com/developers/docs."""

from typing import Any

BOT_ID = "1001"
GUILD_ID = "2001"
CHANNEL_ID = "3001"
LEARNER_ID = "4001"
EPHEMERAL = 64

SLASH, BUTTON = 2, 3  # kinds of interaction
BOT = {
    "id": BOT_ID,
    "username": "hunch",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "verified": True,
    "mfa_enabled": False,
    "locale": "en-US",
    "flags": 0,
}
LEARNER = {
    "id": LEARNER_ID,
    "username": "ada",
    "discriminator": "0",
    "global_name": "Ada",
    "avatar": None,
}
APPLICATION = {
    "id": BOT_ID,
    "name": "hunch",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "00",
    "flags": 0,
    "owner": LEARNER,
    "team": None,
}
CHANNEL = {
    "id": CHANNEL_ID,
    "type": 0,
    "name": "inference",
    "position": 0,
    "permissions": "0",
    "guild_id": GUILD_ID,
}
MEMBER = {
    "user": LEARNER,
    "roles": [],
    "joined_at": "2026-01-01T00:00:00+00:00",
    "deaf": False,
    "mute": False,
    "flags": 0,
    "permissions": "0",
}


def ready(shard: list[int], gateway: str) -> dict[str, Any]:
    """Return the payload of READY: a bot that is in no server's cache."""
    return {
        "v": 10,
        "user": BOT,
        "guilds": [],
        "session_id": "session",
        "resume_gateway_url": gateway,
        "shard": shard,
        "application": {"id": BOT_ID, "flags": 0},
    }


def synced(command: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a command as Discord gives it back: with an id and a version."""
    added = {"id": str(5001 + number), "version": "1", "application_id": BOT_ID}
    return {"type": 1, "description": "", "default_member_permissions": None, **command, **added}


def slash(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    """Return a learner's slash command, typed in a server."""
    data = {"id": "5001", "name": name, "type": 1, "options": list(options)}
    return _interaction(SLASH, data)


def press(custom_id: str) -> dict[str, Any]:
    """Return a learner's click on a button of their own, private card."""
    button = {"type": 2, "id": 2, "style": 2, "label": "A button", "custom_id": custom_id}
    card = {"flags": EPHEMERAL, "components": [{"type": 1, "id": 1, "components": [button]}]}
    data = {"component_type": 2, "custom_id": custom_id, "id": 2}
    return _interaction(BUTTON, data) | {"message": message({"flags": EPHEMERAL}) | card}


def message(body: dict[str, Any]) -> dict[str, Any]:
    """Return the bot's message, as it stands after an edit."""
    return {
        "id": "6001",
        "type": 0,
        "channel_id": CHANNEL_ID,
        "author": BOT,
        "content": body.get("content") or "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "flags": body.get("flags", 0),
        "components": [],  # as sent they lack the ids that Discord gives; nobody reads them
    }


def inbox(person_id: str) -> dict[str, Any]:
    """Return the channel of a person's direct messages."""
    return {"id": f"7{person_id}", "type": 1, "recipients": [LEARNER | {"id": person_id}]}


def direct(payload: dict[str, Any], person_id: str = LEARNER_ID) -> dict[str, Any]:
    """Return an interaction as it comes from a direct message with the bot."""
    away = ("guild_id", "guild", "member", "guild_locale")
    there = {"channel": inbox(person_id), "channel_id": inbox(person_id)["id"], "context": 1}
    kept = {key: value for key, value in payload.items() if key not in away}
    return kept | there | {"user": LEARNER | {"id": person_id}}


def callback_response(interaction_id: str, kind: int) -> dict[str, Any]:
    """Return what Discord says to a callback when asked what it made."""
    told = {"id": interaction_id, "type": 2, "response_message_id": "6001"}
    return {"interaction": told, "resource": {"type": kind, "message": message({})}}


def _interaction(kind: int, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 1,
        "type": kind,
        "data": data,
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
        "channel_id": CHANNEL_ID,
        "channel": CHANNEL,
        "member": MEMBER,
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": "0",
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD_ID},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }
