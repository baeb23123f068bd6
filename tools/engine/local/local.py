"""The engine in this process: one thread that loads the model, and answers those who wait together.

torch is imported on that thread, when the model is loaded and not before; transformers, when the
model is first looked into, isn't the embedded one, or is to be read by transformers.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Hashable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tools.engine.base import OF_A_SERVER, Capability, Distribution, Prompt, Scored, Token
from tools.engine.internals import Looking
from tools.engine.kernels import Kernels, keep_threads_from_spinning
from tools.engine.local.batches import MOST_TOGETHER, Cut, DistributionRequest, batches, cut
from tools.engine.local.together import Together
from tools.engine.prompts import clean_text
from tools.engine.worker import Worker
from tools.errors import BadInput, EngineError, WeightsError
from tools.exhibit.titles import titled

if TYPE_CHECKING:  # torch
    from tools.engine.model.language_model import LanguageModel

_Answer = TypeVar("_Answer")
CLOSING_S = 10.0  # longer than any answer; loading may be cut off


class LocalEngine(Looking):
    """Runs a model in this process.

    Attributes:
        name: Where it runs, for provenance: "embedded" or "local".
        model: What it is called.
        address: None: nobody else can ask it.
        stage: What it is doing about loading: "not started", a word from `load`, "ready", "failed".
    """

    def __init__(
        self,
        load: Callable[[], Path | str],
        *,
        model: str,
        name: str = "embedded",
        kernels: Kernels = Kernels.OWN,
    ) -> None:
        """Remember where to load from; nothing is loaded yet.

        Args:
            load: Returns the model's folder, or its name on the Hugging Face hub. May take long
                and may raise `WeightsError`: it runs on the engine's own thread.
            model: Name shown to people.
            name: Where it runs, shown to people.
            kernels: Who does the arithmetic.
        """
        self.name = name
        self.address = None  # nobody else can ask it
        self.model = model
        self.stage = "not started"
        self._load, self._kernels = load, kernels
        self._worker = Worker(f"hunch-{name}")
        self._together: Together[DistributionRequest, Distribution] = Together(
            self._worker, self._distributions, MOST_TOGETHER
        )
        self._loaded: LanguageModel | None = None
        self._failure: EngineError | None = None
        self._failures = 0  # how often loading has failed so far

    def start(self) -> None:
        """Begin to load in the background; return at once. A failure is told to later calls."""
        failures = self._failures
        self._worker.submit(lambda: self._ready_model(failures))

    def capabilities(self) -> frozenset[Capability]:
        """Everything but what only a server has: the whole distribution is at hand."""
        return frozenset(Capability) - OF_A_SERVER

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        """Return the `k` likeliest next tokens with the exact entropy of all.

        Raises:
            BadInput: the prompt is too long, or holds what can't be tokenized.
            EngineError: the model could not be loaded.
        """
        clean = Prompt(clean_text(prompt.text), prompt.appended)
        asked = self._together.submit(DistributionRequest(clean, k, self._failures))
        return await asyncio.wrap_future(asked)

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        """Score each token of a continuation, cut in one with the prompt, exactly.

        Raises:
            BadInput: nothing to score, or too long.
            EngineError: the model could not be loaded.
        """
        text, following = clean_text(prompt.text), _typed(continuation)

        def compute(model: "LanguageModel") -> tuple[Scored, ...]:
            ids = (*model.tokenize(text), *prompt.appended)
            return model.score(ids, _continued(model, text, prompt.appended, following))

        return await self._answer(compute)

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        """Return the tokens that text becomes behind a prompt.

        Raises:
            BadInput: nothing to cut, or what can't be spelt.
            Missing: it grows together with the prompt, and can't be spelt alone.
            EngineError: the model could not be loaded.
        """
        before, following = clean_text(prompt.text), _typed(text)

        def compute(model: "LanguageModel") -> tuple[Token, ...]:
            return tuple(map(model.token, _continued(model, before, prompt.appended, following)))

        return await self._answer(compute)

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens; control tokens in it are broken up, never obeyed.

        What the vocabulary can't spell is dropped, as the tokenizer does.
        """
        clean = clean_text(text)
        return await self._answer(
            lambda model: tuple(model.token(number) for number in model.cut(clean))
        )

    async def look(self, question: str, *arguments: Hashable) -> Any:
        """Answer a question about the inside of the model.

        Long work comes in slices: between two of them, other callers have their turn.

        Raises:
            BadInput: an argument doesn't fit.
            Missing: the model is built in a way that this can't look into.
            EngineError: the model could not be loaded.
        """

        def begin(model: "LanguageModel") -> Any:
            from tools.engine.inside import inside

            return inside.answer(model, question, arguments)

        begun = await self._answer(begin)
        if not isinstance(begun, Generator):
            return begun
        while (ended := await self._worker.run(lambda: _slice(begun))) is None:
            pass
        return ended[0]

    async def check(self) -> str:
        """Load if need be, and return one line on the model."""
        size = await self._answer(lambda model: model.vocabulary)
        return f"{titled(self.model, self.name)}, {size:,} tokens, ready"

    async def close(self) -> None:
        """Refuse further calls, and wait for the thread to end after the job it is at.

        A process that ends around a thread inside torch may be aborted.
        """
        self._worker.close()
        await asyncio.to_thread(self._worker.join, CLOSING_S)

    async def _answer(self, compute: "Callable[[LanguageModel], _Answer]") -> _Answer:
        failures = self._failures
        return await self._worker.run(lambda: compute(self._ready_model(failures)))

    def _ready_model(self, failures_known: int) -> "LanguageModel":
        """Return the model, loading it if need be; on the worker thread.

        Those who were waiting while loading failed share that failure; who comes later retries.
        """
        if self._loaded is not None:
            return self._loaded
        if self._failure is not None and self._failures > failures_known:
            raise type(self._failure)(str(self._failure))
        try:
            self.stage = "loading"
            self._loaded = self._load_model()
        except EngineError as failure:
            self._failure, self.stage = failure, "failed"
            self._failures += 1
            raise
        self.stage = "ready"
        return self._loaded

    def _load_model(self) -> "LanguageModel":
        source = self._load()
        try:
            model = _read_model(source, self._kernels)
        except ImportError as missing:
            raise WeightsError(
                f"The embedded model needs the `local` extra ({missing.name} is missing): "
                "pip install 'hunch-tutor[local]'"
            ) from missing
        model.tops([model.tokenize("Hello")], 1)  # torch sets itself up on its first pass
        return model

    def _distributions(
        self, asked: Sequence[DistributionRequest]
    ) -> list[Distribution | Exception]:
        """Answer those who wait; each gets a distribution or what is wrong with the prompt."""
        model = self._ready_model(min(ask.failures for ask in asked))
        pieces = [cut(model, ask) for ask in asked]
        found: dict[int, Distribution] = {}
        for batch in batches([one for one in pieces if isinstance(one, Cut)]):
            answers = self._distributed(model, batch)
            found |= {id(one): answer for one, answer in zip(batch, answers, strict=True)}
        return [found[id(one)] if isinstance(one, Cut) else one for one in pieces]

    def _distributed(self, model: "LanguageModel", batch: Sequence[Cut]) -> list[Distribution]:
        """Answer in one pass. All took as long as the pass took."""
        started = time.perf_counter()
        tops = model.tops([one.ids for one in batch], max(one.ask.k for one in batch))
        elapsed_ms = (time.perf_counter() - started) * 1000
        return [
            Distribution(
                prompt_tokens=tuple(model.token(number) for number in one.ids),
                top=top[: one.ask.k],
                vocabulary=model.vocabulary,
                entropy_bits=entropy_bits,
                is_entropy_exact=True,
                model=self.model,
                engine=self.name,
                at=datetime.now(UTC),
                elapsed_ms=elapsed_ms,
            )
            for one, (top, entropy_bits) in zip(batch, tops, strict=True)
        ]


def _typed(continuation: str) -> str:
    found = clean_text(continuation)
    if not found:
        raise BadInput("Type at least one character as your guess.")
    return found


def _continued(
    model: "LanguageModel", text: str, appended: Sequence[int], following: str
) -> tuple[int, ...]:
    """Return the ids of text behind a prompt; behind tokens that were put there, cut alone."""
    if appended:
        return model.tokenize_continuation(following)
    return model.continuation(text, following)


def _read_model(source: Path | str, kernels: Kernels) -> "LanguageModel":
    keep_threads_from_spinning()
    from tools.engine.model.opening import open_model

    return open_model(source, kernels)


def _slice(work: Generator[None, None, _Answer]) -> tuple[_Answer] | None:
    """Work until the next pause; return the answer, in a tuple of its own, at the end."""
    try:
        next(work)
    except StopIteration as ended:
        return (ended.value,)
    return None
