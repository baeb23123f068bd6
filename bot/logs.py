"""How the log is written: one line an event, for people or for machines, to standard error."""

import logging
import re
import sys

import structlog

# they log what nobody asked: each request to the model server, by either name of openai's client
CHATTY = ("discord", "openai", "httpx", "httpx2", "httpcore", "httpcore2", "alembic")

# people by number, and what they wrote where a library puts it into an error
_PEOPLE = re.compile(r"(?<!\d)\d{17,20}(?!\d)")
_WORDS = re.compile(r"(DETAIL: |\[parameters: |input_value=).*")


def configure(level: str, log_format: str) -> None:
    """Send structlog's events and those of the libraries the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    plain = structlog.dev.ConsoleRenderer(
        colors=False,
        exception_formatter=structlog.dev.plain_traceback,  # the rich one prints what people wrote
    )
    last: list[structlog.typing.Processor] = [plain]
    if log_format == "json":
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Discreet(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def discreet(line: str) -> str:
    """Return a line of the log without people's numbers and words."""
    return _PEOPLE.sub("(id)", _WORDS.sub(r"\1(left out)", line))


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Writes lines that may be kept and shown around."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return discreet(super().format(record))


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    """Drop discord.py's warnings at each start that it can't speak; Hunch never does."""
    return "voice will NOT be supported" not in record.getMessage()
