"""A file of a model on the Hugging Face hub: from its cache here, else fetched; or why not."""

from pathlib import Path

from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
)

from tools.errors import WeightsError


def file_of(model: str, name: str, setting: str, *, is_all: bool = False) -> Path:
    """Return where a file of a model is, once it is here.

    A hub that can't be reached is told at once: the library by itself tries for half a minute.

    Args:
        model: A name on the hub.
        name: Of the file.
        setting: The variable that names the model.
        is_all: Nothing else of the model is needed.

    Raises:
        WeightsError: it can't be had; the text says why, and what to do.
    """
    try:
        return Path(_kept(model, name) or _fetched(model, name))
    except Exception as wrong:  # of no way there, each transport has errors of its own
        only = f" {name}" if is_all else ""
        raise WeightsError(
            f"{setting}={model} {_why(wrong, model, name, setting, only)}"
        ) from wrong


def _kept(model: str, name: str) -> str | None:
    try:
        return hf_hub_download(model, name, local_files_only=True)
    except LocalEntryNotFoundError:
        return None


def _fetched(model: str, name: str) -> str:
    get_hf_file_metadata(hf_hub_url(model, name))  # without the download's five tries
    return hf_hub_download(model, name)


def _why(wrong: Exception, model: str, name: str, setting: str, only: str) -> str:
    match wrong:
        case HFValidationError():
            return "is no folder here, and no name that a model can have. Correct it."
        case GatedRepoError():
            return "is a gated model. Accept its terms on the Hugging Face hub, and set HF_TOKEN."
        case RepositoryNotFoundError():
            return (
                "is no folder here, and no model that the Hugging Face hub shows. Correct it; for "
                "a private one, set HF_TOKEN."
            )
        case RemoteEntryNotFoundError():
            return f"has no {name} on the Hugging Face hub. Name a folder that has one."
        case HfHubHTTPError():
            return (
                f"can't be fetched: the Hugging Face hub answered {wrong.response.status_code}. "
                "Start again later, or name a folder."
            )
    return (
        "is no folder here, and the Hugging Face hub can't be reached. Where it can, run "
        f"`hf download {model}{only} --local-dir FOLDER`; bring that folder here, and set "
        f"{setting} to it."
    )
