"""Sales over HTTP: a real server process, a load generator process, keep-alive, bearer token."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.yard import Yard
from core.db import in_transaction
from core.documents import content_of
from members.services import tokens
from members.services.tokens import NewToken

if TYPE_CHECKING:
    from bench.sale_throughput import Speed

COMMANDS = {
    "granian": ["-m", "pos.cli", "serve"],
    "gunicorn": [
        "-m", "gunicorn", "--workers", "{workers}", "--threads", "4", "--worker-class", "gthread",
        "--bind", "127.0.0.1:{port}", "--log-level", "warning", "pos:create_app()",
    ],
    "waitress": [
        "-m", "waitress", "--threads", "4", "--listen", "127.0.0.1:{port}",
        "--call", "pos:create_app",
    ],
}  # fmt: skip


def measure(place: Yard, server: str, clients: int, seconds: float) -> Speed:
    """Serve the yard with `server` and let `clients` connections sell for a while."""
    from bench.sale_throughput import speed_of

    token = in_transaction(
        tokens.create, NewToken(name=f"bench {server} {clients}", days=1), place.actor
    ).token
    with serving(place, server) as port:
        times: list[list[float]] = [[] for _ in range(clients)]
        begun = time.perf_counter()
        stop = begun + seconds
        threads = [
            threading.Thread(target=_sell, args=(place, port, token, client, stop, times[client]))
            for client in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return speed_of([one for each in times for one in each], time.perf_counter() - begun)


@contextmanager
def serving(place: Yard, server: str) -> Iterator[int]:
    """Run `server` over the yard's database; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sqlite = place.settings.database_url.startswith("sqlite")
    words = {"port": port, "workers": 1 if sqlite else 2}
    command = [sys.executable, *(part.format(**words) for part in COMMANDS[server])]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SUNRUAM_")},
        "SUNRUAM_VAR": str(place.settings.var),
        "SUNRUAM_DATABASE_URL": place.settings.database_url,
        "SUNRUAM_PORT": str(port),
        "SUNRUAM_WEB_THREADS": "4",
        "SUNRUAM_WEB_PROCESSES": str(words["workers"]),
    }
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _sell(place: Yard, port: int, token: str, client: int, stop: float, times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    number = 0
    while True:
        command = place.sale(client, number)
        content = content_of(command)
        identity = content.pop("id")
        body = json.dumps(content)
        start = time.perf_counter()
        if start >= stop:
            return
        connection.request(
            "PUT",
            f"/api/v1/centres/{place.actor.centre_id}/sales/{identity}",
            body,
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        reply = connection.getresponse()
        text = reply.read()
        assert reply.status == 201, text
        times.append(time.perf_counter() - start)
        number += 1


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")
