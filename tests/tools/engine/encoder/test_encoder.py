"""The sentence encoder, held against transformers and tokenizers."""

import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertModel

from tests.fakes.encoders import cache_dir
from tools.engine.encoder.encoder import AT_A_TIME, SentenceEncoder
from tools.engine.encoder.own.own_encoder import OwnEncoder
from tools.engine.encoder.own.words import WordPieces
from tools.engine.encoder.weights import MOST_TOKENS, WEIGHTS, WORDS, ensure_encoder, has_encoder
from tools.engine.kernels import Kernels
from tools.errors import Unavailable, WeightsError

ROUNDED = 0.995  # cosine: products in 8 bits
TEXTS = [
    "why is the first token slow?",
    "KV cache",
    "naïve café — 日本語 “quoted” don’t x²",
    "What happens, in detail, when the cache gets full and requests start waiting? " * 3,
    "",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return ensure_encoder(cache_dir(), is_quiet=True)


@pytest.fixture(scope="module")
def model(folder):
    return OwnEncoder.load(folder)


@pytest.fixture(scope="module")
def pieces(folder):
    return WordPieces.load(folder / WORDS)


@pytest.fixture(scope="module")
def reference(folder):
    shape = BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)
    network = BertModel(shape, add_pooling_layer=False).eval()
    network.load_state_dict(load_file(folder / WEIGHTS), strict=False)
    return network


def mean_of(reference, ids):
    with torch.inference_mode():
        last = reference(input_ids=torch.tensor([ids])).last_hidden_state[0]
    return torch.nn.functional.normalize(last.mean(0), dim=0).numpy()


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_a_vector_is_nearly_what_transformers_computes_with_all_bits(
    model, pieces, reference, text
):
    (vector,) = model.encode([text])
    assert vector @ mean_of(reference, pieces.ids(text, MOST_TOKENS)) > ROUNDED
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_texts_side_by_side_don_t_touch_each_other(model):
    together = model.encode(TEXTS)
    alone = np.array([model.encode([text])[0] for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


@pytest.fixture(scope="module")
def tokenizer(folder):
    return BertWordPieceTokenizer(str(folder / WORDS))


def is_old(sign: str) -> bool:
    """Whether every edition of Unicode since 3.2 knows a sign alike; the library's is older."""
    return unicodedata.ucd_3_2_0.category(sign) == unicodedata.category(sign)


SIGNS = st.characters(max_codepoint=0x33FF, exclude_categories=("Cn", "Cs")).filter(is_old)


@given(text=st.text(SIGNS, max_size=80) | st.text(alphabet="aBé-'日 ##x\u200b\t9,", max_size=40))
def test_pieces_are_those_of_the_tokenizers_library(pieces, tokenizer, text):
    if not any(mark in text for mark in ("[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]")):
        assert pieces.ids(text, 512) == tokenizer.encode(text).ids


def test_a_control_token_typed_by_a_person_is_only_text(pieces):
    assert pieces.ids("[SEP]", 9).count(102) == 1


def test_a_long_text_is_read_up_to_the_limit(pieces):
    assert len(pieces.ids("word " * 1000, MOST_TOKENS)) == MOST_TOKENS


async def test_vectors_come_in_the_order_of_the_texts(folder, model):
    encoder = SentenceEncoder(lambda: folder)
    texts = [f"text number {n}" for n in range(AT_A_TIME + 3)] + ["text number 1"]
    vectors = await encoder.encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert (vectors[1] == vectors[-1]).all()
    assert vectors[4] @ model.encode([texts[4]])[0] > 0.9999
    assert (await encoder.encode([])).size == 0
    encoder.close()


async def test_an_encoder_that_can_t_be_had_says_why():
    def missing() -> Path:
        raise WeightsError("The package index can't be reached.")

    encoder = SentenceEncoder(missing)
    with pytest.raises(WeightsError, match="can't be reached"):
        await encoder.encode(["a"])
    encoder.close()
    with pytest.raises(Unavailable):
        await encoder.encode(["b"])


async def test_transformers_that_isn_t_installed_is_one_line_on_what_to_do(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "tools.engine.encoder.plain", None)  # as without torch
    encoder = SentenceEncoder(lambda: folder, Kernels.TRANSFORMERS)
    with pytest.raises(WeightsError, match="HUNCH_KERNELS=transformers needs the `local` extra"):
        await encoder.encode(["a"])
    encoder.close()


async def test_an_encoder_through_transformers_answers_too(folder, model):
    encoder = SentenceEncoder(lambda: folder, Kernels.TRANSFORMERS)
    (vector,) = await encoder.encode(TEXTS[:1])
    assert vector @ model.encode(TEXTS[:1])[0] > ROUNDED
    encoder.close()
    assert encoder._worker.join(0)  # or torch's threads abort a process that ends around it


def test_a_cache_without_it_says_so(tmp_path, folder):
    assert has_encoder(folder.parent)
    assert not has_encoder(tmp_path)
