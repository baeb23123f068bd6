"""What `make cluster` says when it can't; that it can is tried in tests/cluster."""

import os
import select
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bench.serve_vllm import ServeError, running


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where something else answers."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def _program(folder: Path, text: str) -> Path:
    file = folder / "vllm"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_a_server_that_ends_at_once_is_told_with_its_last_error(tmp_path: Path) -> None:
    vllm = _program(tmp_path, "echo 'WARNING Error: minor'; echo 'OSError: no room'; exit 3")
    log = tmp_path / "vllm.log"
    with (
        pytest.raises(ServeError, match=r"ended before it was ready\. OSError: no room\. Its log:"),
        running(tmp_path, 9, log=log, command=vllm, tell=lambda text: None),
    ):
        pytest.fail("it can't be ready")


def test_a_port_where_something_answers_is_refused(tmp_path: Path, taken: int) -> None:
    vllm = _program(tmp_path, "exit 3")
    with (
        pytest.raises(ServeError, match=f"Port {taken} is taken"),
        running(tmp_path, taken, log=tmp_path / "log", command=vllm, tell=lambda text: None),
    ):
        pytest.fail("it can't be ready")


SERVER = """
import subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

worker = subprocess.Popen(["sleep", "600"])
open(sys.argv[1], "w").write(str(worker.pid))
HTTPServer(("127.0.0.1", int(sys.argv[2])), Healthy).serve_forever()
"""


def test_when_left_the_server_and_its_workers_end(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    told = tmp_path / "worker"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    vllm = _program(tmp_path, f"exec {sys.executable} {tmp_path}/server.py {told} {port}")
    with running(
        tmp_path, port, log=tmp_path / "log", command=vllm, tell=lambda text: None
    ) as cluster:
        assert cluster.url == f"http://127.0.0.1:{port}/v1"
        worker = os.pidfd_open(int(told.read_text()))
    assert cluster.process.returncode is not None
    ended, _, _ = select.select([worker], [], [], 5)
    os.close(worker)
    assert ended
