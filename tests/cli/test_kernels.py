"""HUNCH_KERNELS, as an operator sets it."""

import json

import pytest

from tests.tools.engine.golden.values import said
from tools.engine.kernels import Kernels


@pytest.mark.parametrize("kernels", Kernels)
def test_whoever_does_the_arithmetic_the_answer_is_the_same(hunch, kernels):
    expected = said()[0]
    ran = hunch("nexttoken", expected.text, "--top", "20", "--json", HUNCH_KERNELS=kernels.value)
    assert ran.code == 0, ran.err
    ids = [number for number, _ in expected.top]
    assert [one["id"] for one in json.loads(ran.out)["tokens"]] == ids


def test_another_name_is_refused_with_those_there_are(hunch):
    ran = hunch("nexttoken", "x", HUNCH_KERNELS="cuda")
    assert ran.code == 1
    assert "HUNCH_KERNELS: input should be 'own' or 'transformers'" in ran.complaint
