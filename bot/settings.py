"""Settings, read once from the environment: HUNCH_DISCORD_TOKEN, HUNCH_MODEL_URL and the rest."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import typed
from tools.engine.kernels import Kernels


def _database_url() -> str:
    return f"sqlite:///{user_data_path('hunch', appauthor=False)}/hunch.sqlite"


def _key(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value():
        typed.require_header(secret.get_secret_value())
    return secret


Key = Annotated[SecretStr, AfterValidator(_key)]
Name = Annotated[str, AfterValidator(typed.require_readable)]
Address = Annotated[str, AfterValidator(typed.require_server)]


class WhoAnswers(StrEnum):
    """Who answers questions to the tutor."""

    AUTO = "auto"  # a chat model where one is named
    MODEL = "model"
    NOTES = "notes"


class Settings(BaseSettings):
    """Everything an operator may set; every field has a default that works for `hunch play`."""

    model_config = SettingsConfigDict(
        env_prefix="HUNCH_", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    discord_token: Key | None = Field(default=None, description="The bot's token, for `hunch run`.")
    database_url: Annotated[str, AfterValidator(typed.require_database)] = Field(
        default_factory=_database_url,
        description="SQLite file or PostgreSQL server.",
        repr=False,  # it may hold a password, as each address may
    )
    model_url: Address | None = Field(
        default=None,
        repr=False,
        description="An OpenAI-compatible server, up to /v1. Unset: the embedded model.",
    )
    model: Name | None = Field(default=None, description="The model's name on that server.")
    model_key: Key = Field(default=SecretStr(""), description="That server's key, if it wants one.")
    model_timeout_s: Annotated[float, Field(gt=0, le=600)] = Field(
        default=20,
        description="How long one answer may take; of the chat model, its first token.",
    )
    model_at_once: Annotated[int, Field(ge=1)] = Field(
        default=64, description="Requests sent to that server at a time; the others wait."
    )
    tokenizer: str | None = Field(
        default=None,
        description="That model's own tokenizer, for servers that tell no bytes:"
        " a folder with its tokenizer.json, or a hub id.",
    )
    kv_events: Annotated[str, AfterValidator(typed.require_publisher)] | None = Field(
        default=None, description="Where that server publishes its KV events, tcp://host:port."
    )
    tutor: WhoAnswers = Field(
        default=WhoAnswers.AUTO,
        description="Who answers questions: a chat model, or the course word for word."
        " `auto`: a chat model where one is named.",
    )
    chat_url: Address | None = Field(
        default=None,
        repr=False,
        description="The chat model's server, up to /v1. Unset: HUNCH_MODEL_URL.",
    )
    chat_model: Name | None = Field(default=None, description="Its name there. Unset: HUNCH_MODEL.")
    chat_key: Key = Field(default=SecretStr(""), description="That server's key.")
    answer_tokens: Annotated[int, Field(ge=50, le=4000)] = Field(
        default=600, description="The most that the chat model writes at a time."
    )
    questions_a_day: Annotated[int, Field(ge=1)] = Field(
        default=50, description="Questions to the tutor of one learner a day."
    )
    retention: Annotated[float, Field(ge=0.7, le=0.99)] = Field(
        default=0.9, description="The share of cards that is to be known when they return."
    )
    reviews_a_day: Annotated[int, Field(ge=1, le=999)] = Field(
        default=30, description="The most cards of one learner a day; they may choose their own."
    )
    new_reviews_a_day: Annotated[int, Field(ge=0, le=999)] = Field(
        default=10, description="Of those, the most that are reviewed for the first time."
    )
    local_model: Name | None = Field(
        default=None, description="Another model for this process: a folder or a hub id."
    )
    kernels: Kernels = Field(
        default=Kernels.OWN,
        description="Who does the arithmetic of the models in this process, the sentence encoder"
        " among them: our own code, or transformers alone.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("hunch", appauthor=False),
        description="Where the embedded model is kept.",
    )
    course_dir: Path | None = Field(
        default=None, description="Another course than the one that ships."
    )
    shards: Annotated[int, Field(ge=0)] = Field(
        default=1,
        description="Connections to Discord; 0 lets Discord say. A must from 2,500 servers.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is worth a line."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="For people or machines."
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, given: Any) -> Any:
        """Take what holds nothing but blanks for unset, as what is empty."""
        return {name: value for name, value in given.items() if not _is_blank(value)}

    @field_validator("*", mode="before")
    @classmethod
    def _cut_what_a_paste_brings(cls, value: Any) -> Any:
        return typed.cleaned(value) if isinstance(value, str) else value

    @field_validator("cache_dir", "course_dir")
    @classmethod
    def _find_home(cls, folder: Path | None) -> Path | None:
        """Read ~ as a shell does: no shell has read what stands in a file of settings."""
        try:
            return folder.expanduser() if folder else None
        except RuntimeError:
            raise ValueError("names the home of nobody here; write the whole path") from None

    @model_validator(mode="after")
    def _server_needs_a_model(self) -> Self:
        if self.model_url and not self.model:
            raise ValueError("set HUNCH_MODEL to the model's name on the server at HUNCH_MODEL_URL")
        if self.chat_url and not self.chat_model:
            raise ValueError("set HUNCH_CHAT_MODEL to the model's name at HUNCH_CHAT_URL")
        if self.tutor is WhoAnswers.MODEL and not (self.chat_url or self.model_url):
            raise ValueError("HUNCH_TUTOR=model needs HUNCH_CHAT_URL and HUNCH_CHAT_MODEL")
        return self


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not typed.cleaned(value)
