"""A lesson's notebook: copied blank for a learner, run from start to end, kept with its outputs.

`python -m curriculum.notebook` runs those that ship with Hunch and keeps what they print.

NotebookError
    ├── a file that is no notebook
    └── a cell that fails, by its number and first line
"""

import json
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTEBOOKS = "notebooks"  # the folder of a course that holds them
PATIENCE_S = 600  # for one cell
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookError(Exception):
    """A notebook that doesn't run to its end. The text names the cell and says why."""


def copy_blank(notebook: Path, folder: Path) -> Path:
    """Give a learner a copy without outputs, so that nothing is shown before it is guessed.

    A copy that is there already stays as the learner left it.

    Returns:
        Where the copy is.

    Raises:
        NotebookError: the file is no notebook.
    """
    copy = folder / notebook.name
    if not copy.exists():
        folder.mkdir(parents=True, exist_ok=True)
        book = _read(notebook)
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        copy.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return copy


def run_notebook(notebook: Path) -> int:
    """Run all cells in the notebook's own folder, and write what they print into the file.

    That is done too where one fails, so that it can be looked at there.

    Returns:
        How many code cells there are.

    Raises:
        NotebookError: the file is no notebook; or a cell fails, takes too long, or ends Python.
        ImportError: nbclient or ipykernel isn't installed.
    """
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    _read(notebook)
    book, at = nbformat.read(notebook, as_version=4), list[Any]()
    try:
        _client(book, notebook.parent, at).execute(env=kernel_environment())
    except CellExecutionError as failed:
        raise _failed(notebook, at, f"{failed.ename}: {failed.evalue}") from failed
    except CellTimeoutError as failed:
        raise _failed(notebook, at, f"still at work after {PATIENCE_S} s") from failed
    except DeadKernelError as failed:
        raise _failed(notebook, at, "Python ended there, maybe for want of memory") from failed
    finally:
        book.metadata = nbformat.from_dict(_METADATA)  # what differs by machine goes
        nbformat.write(book, notebook)
    return len(at)


def kernel_environment() -> dict[str, str]:
    """Return this process's environment, in which a notebook finds the same Hunch."""
    search = filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")])
    unasked = {
        "OMP_WAIT_POLICY": "PASSIVE",  # torch's threads would spin while they wait
        "PYTHONWARNINGS": "ignore:IProgress not found",  # no cell shows a progress bar
    }
    return {**unasked, **os.environ, "PYTHONPATH": os.pathsep.join(search)}


def keep_outputs(folder: Path = HERE / NOTEBOOKS) -> None:
    """Run the notebooks of a folder in order, elsewhere, and keep them with their outputs.

    Raises:
        NotebookError: one doesn't run; those before it are kept.
    """
    with tempfile.TemporaryDirectory() as apart:
        for notebook in sorted(folder.glob("*.ipynb")):
            copy = copy_blank(notebook, Path(apart))
            run_notebook(copy)
            shutil.copyfile(copy, notebook)


def _client(book: Any, folder: Path, at: list[Any]) -> Any:
    """Return what runs the cells in a folder, and notes in `at` which it has come to."""
    from nbclient import NotebookClient

    quiet = logging.getLogger("nbclient")
    quiet.setLevel(logging.ERROR)
    return NotebookClient(
        book,
        timeout=PATIENCE_S,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        log=quiet,
        extra_arguments=["--log-level=ERROR"],  # or it warns that it listens, on this machine
        on_cell_execute=lambda cell, cell_index: at.append(cell),
        resources={"metadata": {"path": str(folder)}},
    )


def _read(notebook: Path) -> dict[str, Any]:
    try:
        book = json.loads(notebook.read_text(encoding="utf-8"))
        if all(cell["cell_type"] and "source" in cell for cell in book["cells"]):
            return dict(book)
    except (ValueError, KeyError, TypeError):
        pass
    raise NotebookError(f"{notebook} is no notebook that can be read. Delete it, or mend it")


def _failed(notebook: Path, at: list[Any], why: str) -> NotebookError:
    first = at[-1].source.strip().splitlines()[0] if at else ""
    return NotebookError(f"{notebook} fails at cell [{len(at)}], `{first}`: {why}")


if __name__ == "__main__":
    keep_outputs()
