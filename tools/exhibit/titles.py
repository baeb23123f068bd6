"""What a model is called before people, where its id for machines says too little."""

_TITLES = {
    # a test holds this against what is embedded
    ("smollm2-135m", "embedded"): (
        "SmolLM2-135M-Instruct, Q4_1, raw text without its chat template"
    ),
}


def titled(model: str, engine: str) -> str:
    """Return a model's name with where it runs, `served (cluster)`; or several, joined by "and".

    Args:
        model: Its id.
        engine: "embedded", "local", "cluster" …
    """
    models, engines = model.split(_AND), engine.split(_AND)
    if len(models) != len(engines):
        models, engines = [model], [engine]  # the word is part of a name
    names = [_TITLES.get(pair, pair[0]) for pair in zip(models, engines, strict=True)]
    return f"{_AND.join(names)} ({engine})"


_AND = " and "
