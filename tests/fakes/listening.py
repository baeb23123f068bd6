"""A port of this machine that something listens on, for all stand-ins that are asked over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def listening(*routes: web.RouteDef, ends_when_left: bool = False) -> AsyncIterator[str]:
    """Serve on a free port of 127.0.0.1 until left; give its address, without a path.

    Args:
        routes: What answers where.
        ends_when_left: A client that leaves ends the handler that answers it.
    """
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=ends_when_left)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
