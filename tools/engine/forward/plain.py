"""The forward pass of any causal language model of transformers, one prompt after the other."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from tools.engine.forward.kept_runs import KeptRuns

UNBOUNDED = 1 << 31  # ids, where a config names no limit


class PlainForward:
    """Implements `forward.Forward`."""

    def __init__(self, network: PreTrainedModel) -> None:
        self.network = network
        self._runs: KeptRuns[DynamicCache] = KeptRuns()
        config = network.config.get_text_config()
        self.vocabulary: int = config.vocab_size
        self.context: int = getattr(config, "max_position_embeddings", UNBOUNDED)

    def scores(self, prompts: Sequence[tuple[int, ...]], keep: int = 1) -> list[Tensor]:
        """Read prompts in turn; what a kept run has read is not read again."""
        return [self._scores(ids, keep) for ids in prompts]

    def run(self, ids: Sequence[int]) -> "PlainRun":
        """Read ids from the first on."""
        return PlainRun(self.network, _read(self.network, ids, None))

    def weights(self) -> Sequence[Tensor]:
        """Return the network's parameters."""
        return [weight.detach() for weight in self.network.parameters()]

    def _scores(self, ids: tuple[int, ...], keep: int) -> Tensor:
        known, kept = self._runs.longest_shared(ids, keep)
        past = copy.deepcopy(kept)  # reading on writes into it
        if past is not None:
            past.crop(known - past.get_seq_length())  # by so many, negative
        read = _read(self.network, ids[known:], past, keep)
        if _can_be_cropped(read.past_key_values):
            self._runs.add(ids, read.past_key_values)
        scores: Tensor = read.logits[0, -keep:]
        return scores


@dataclass(frozen=True, slots=True)
class PlainRun:
    """Implements `forward.Run`."""

    network: PreTrainedModel
    read: CausalLMOutputWithPast

    @property
    def scores(self) -> Tensor:
        """Of what may follow the last id, shape (vocabulary,)."""
        scores: Tensor = self.read.logits[0, -1]
        return scores

    def then(self, fresh: Sequence[int], keep: int = 1) -> "PlainRun":
        """Read on with a copy of the cache: transformers writes into the one that it is given."""
        past = copy.deepcopy(self.read.past_key_values)
        return PlainRun(self.network, _read(self.network, fresh, past, keep))


def _read(
    network: PreTrainedModel, fresh: Sequence[int], past: DynamicCache | None, keep: int = 1
) -> CausalLMOutputWithPast:
    with torch.inference_mode():
        ids = torch.tensor([list(fresh)])
        return network(ids, past_key_values=past, use_cache=True, logits_to_keep=keep)


def _can_be_cropped(cache: DynamicCache) -> bool:
    """Whether it is one of those that can be cut back to a prefix; others are not kept."""
    layers = getattr(cache, "layers", ())
    return bool(layers) and all(type(layer).__name__ == "DynamicLayer" for layer in layers)
