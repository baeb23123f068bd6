"""The n-gram draft against vLLM's own proposer."""

import asyncio
import json
import random

import pytest

from tests.cluster.in_vllm import said_in_vllm
from tools.algorithms.drafting import draft

SCRIPT = """
import json, sys
import numpy as np
from vllm.v1.spec_decode.ngram_proposer import _find_longest_matched_ngram_and_propose_tokens
found = [
    _find_longest_matched_ngram_and_propose_tokens(
        np.array(ids, dtype=np.int32), low, high, 10_000, most
    ).tolist()
    for ids, low, high, most in json.load(sys.stdin)
]
sys.stdout.write("\\n" + json.dumps(found))
"""


@pytest.mark.against("speculate", by="vLLM's own n-gram proposer, 500 drafts")
async def test_a_draft_is_that_of_vllms_own_proposer() -> None:
    dice = random.Random(1)
    asked = []
    for _ in range(500):
        low = dice.randint(1, 5)
        ids = [dice.randint(0, dice.randint(1, 6)) for _ in range(dice.randint(1, 60))]
        asked.append((ids, low, low + dice.randint(0, 3), dice.randint(1, 8)))
    found = await asyncio.to_thread(said_in_vllm, "-c", SCRIPT, told=json.dumps(asked))
    assert found == [list(draft(*one)) for one in asked]
    assert sum(map(bool, found)) > 100
