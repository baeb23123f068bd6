"""A pool before a PostgreSQL server that gives each transaction another connection.

As pgbouncer with `pool_mode = transaction`. What a client leaves on a connection, such as a
prepared statement, is not there at its next transaction.
"""

import asyncio
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle

SSL_WANTED, GSS_WANTED = 80877103, 80877104  # requests that come before a start-up message
ENDS_A_TURN = b"SQ"  # Sync, Query: the server answers with ReadyForQuery
NOT_IN_A_TRANSACTION = b"I"


class ServerConnection:
    """One connection to the server, for one transaction at a time."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.turn = asyncio.Lock()
        self.greeting = b""
        self._reader, self._writer = reader, writer

    async def begin(self, user: str, database: str) -> None:
        """Log in, and keep what the server says of itself."""
        words = "\0".join(("user", user, "database", database, "", ""))
        body = struct.pack("!I", 196608) + words.encode()
        self._writer.write(struct.pack("!I", len(body) + 4) + body)
        while (said := await message(self._reader))[:1] != b"Z":
            if said[:1] in b"SK":
                self.greeting += said

    def send(self, said: bytes) -> None:
        self._writer.write(said)

    async def answer(self, client: StreamWriter | None) -> bytes:
        """Hand on what the server says until it is ready; return the state it is in."""
        while True:
            said = await message(self._reader)
            if client:
                client.write(said)
            if said[:1] == b"Z":
                return said[5:]

    async def roll_back(self) -> None:
        """End the transaction of a client that has left."""
        self.send(b"Q" + struct.pack("!I", 13) + b"ROLLBACK\0")
        await self.answer(None)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def pooled(socket: str, user: str, database: str, size: int = 3) -> AsyncIterator[int]:
    """Serve on a free port of 127.0.0.1 until left; give the port.

    Args:
        socket: The server's, as a path.
        user: Who logs in, without a password.
        database: Whatever a client asks for, it gets this one.
        size: Connections to the server; they take turns.
    """
    async with AsyncExitStack() as until_left:
        connections = []
        for _ in range(size):
            connections.append(ServerConnection(*await asyncio.open_unix_connection(socket)))
            until_left.callback(connections[-1].close)
            await connections[-1].begin(user, database)
        turns = cycle(connections)

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            try:
                await _greet(reader, writer, connections[0].greeting)
                while True:
                    await _one_transaction(next(turns), reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()  # the client has left

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        until_left.callback(server.close)
        yield server.sockets[0].getsockname()[1]


async def message(reader: StreamReader) -> bytes:
    """Return a message, its kind and its length included.

    Raises:
        ConnectionError, IncompleteReadError: whoever sends has left.
    """
    head = await reader.readexactly(5)
    if head[:1] == b"X":
        raise ConnectionResetError("It said goodbye.")
    return head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


async def _greet(reader: StreamReader, writer: StreamWriter, greeting: bytes) -> None:
    """Let a client in, without a password and without encryption."""
    wanted = SSL_WANTED
    while wanted in (SSL_WANTED, GSS_WANTED):
        size = struct.unpack("!I", await reader.readexactly(4))[0]
        wanted = struct.unpack("!I", (await reader.readexactly(size - 4))[:4])[0]
        if wanted in (SSL_WANTED, GSS_WANTED):
            writer.write(b"N")
    is_in, is_ready = b"R" + struct.pack("!II", 8, 0), b"Z" + struct.pack("!I", 5) + b"I"
    writer.write(is_in + greeting + is_ready)


async def _one_transaction(
    connection: ServerConnection, reader: StreamReader, writer: StreamWriter
) -> None:
    said = await message(reader)
    async with connection.turn:
        while True:
            connection.send(said)
            if said[:1] in ENDS_A_TURN and await connection.answer(writer) == NOT_IN_A_TRANSACTION:
                return
            try:
                said = await message(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                await connection.roll_back()
                raise
