"""The page of servers is what the program makes, and says what is known of each."""

import pytest

from tests.fakes.servers import serving
from tests.servers.documented import SERVERS
from tests.servers.table import BY_ID, PAGE, found, page
from tools import catalogue
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Missing


async def test_the_page_is_what_the_program_makes() -> None:
    made = page(await found())
    assert PAGE.read_text(encoding="utf-8") == made, "make servers"


async def test_each_server_has_what_its_documentation_says() -> None:
    rows = {name: abilities for name, _, _, abilities in await found()}
    shown = {name for name, abilities in rows.items() if abilities.logprobs}
    assert shown == {"vLLM", "llama.cpp", "SGLang", "LiteLLM", "OpenAI"}
    assert {name for name, one in rows.items() if one.token_ids} == {"vLLM", "llama.cpp"}
    assert {name for name, one in rows.items() if one.tokenize} == {
        "vLLM",
        "llama.cpp",
        "SGLang",
        "TGI",
    }
    assert {name for name, one in rows.items() if one.prompt_logprobs} == {"vLLM"}
    assert {name for name, one in rows.items() if one.metrics} == {"vLLM"}


@pytest.mark.parametrize("name", ["SGLang", "OpenAI", "LiteLLM"])
async def test_without_ids_no_token_is_put_behind_a_prompt_and_the_rest_runs(name: str) -> None:
    documented = next(one for one in SERVERS if one.name == name)
    async with serving() as server:
        documented.set_up(server)
        engine = SharedEngine(ClusterEngine(server.base_url, "served", timeout_s=20))
        for instrument in ("nexttoken", "sampling"):
            shown = await catalogue.run(engine, instrument, catalogue.as_it_comes(instrument))
            assert shown.provenance.engine == "cluster"
        for instrument in BY_ID:
            with pytest.raises(Missing, match="names no token ids"):
                await catalogue.run(engine, instrument, catalogue.as_it_comes(instrument))
        await engine.close()
