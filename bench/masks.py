"""A step of structured output: what the mask takes beside the model's own pass."""

import time

from bench.figure import Figure, of_runs
from bench.serve_vllm import model_cache
from tools.engine.inside.masking import TokenMask, step_of
from tools.engine.kernels import Kernels, keep_threads_from_spinning
from tools.engine.masking import Rule, RuleKind
from tools.engine.model.language_model import LanguageModel
from tools.engine.model.opening import open_model
from tools.engine.weights.weights import ensure
from tools.instruments.mask import EXAMPLES

ROUNDS = 5
STEPS = 16
MOST_MS = 20.0


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return the milliseconds a step: the mask with all that is shown of it, and the model."""
    keep_threads_from_spinning()
    model = open_model(ensure(model_cache()), Kernels.OWN)
    found = []
    for kind, example in EXAMPLES.items():
        rule = Rule(RuleKind(kind), example.rule)
        masks, passes = _timed(model, example.prompt, rule, rounds)
        found.append(of_runs(f"mask: {kind}, a step beside the model", masks, "ms", MOST_MS))
        found.append(of_runs(f"mask: {kind}, the model's pass", passes, "ms"))
    return found


def _timed(
    model: LanguageModel, prompt: str, rule: Rule, rounds: int
) -> tuple[list[float], list[float]]:
    """Time each step's two halves, the first step's pass over the prompt left out."""
    masks, passes = [], []
    for _ in range(rounds):
        mask, run = TokenMask(model, rule), model.forward.run(model.tokenize(prompt))
        for _ in range(STEPS):
            started = time.perf_counter()
            step = step_of(model, run.scores, mask)
            mask.take(step.token.id)
            masked = time.perf_counter()
            masks.append(1000 * (masked - started))
            if step.is_end:
                break
            run = run.then([step.token.id])
            passes.append(1000 * (time.perf_counter() - masked))
    return masks, passes
