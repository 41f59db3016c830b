"""A small TCP proxy before Postgres and Redis, whose connections can be cut, held up, or left half open."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

CHUNK = 65536


class Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client, self.server = client, server
        self.flows = asyncio.Event()
        self.flows.set()

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Hand on what comes, while it may flow; the end of one side is the end of the other, unless the link is half open."""
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK):
                await self.flows.wait()
                target.write(data)
                await target.drain()
        await self.flows.wait()
        target.close()

    def drop(self) -> None:
        """Reset both sides."""
        for side in (self.client, self.server):
            side.transport.abort()


class Proxy:
    """Listens on a port of this machine and forwards to a socket. Runs in a thread of its own; every method may be called from any thread."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.links: set[Link] = set()
        self.refuses = False
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._accept, "127.0.0.1", 0), self.loop).result(10)
        self.port: int = server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Reset every connection; new ones are welcome."""
        self._each(Link.drop)

    def refuse(self, refuses: bool) -> None:
        """Be as a server that is down, or up again."""
        self.refuses = refuses
        if refuses:
            self.cut()

    def pause(self, seconds: float) -> None:
        """Nothing passes on the connections there are, for a while; then all of it does."""

        def hold(link: Link) -> None:
            link.flows.clear()
            self.loop.call_later(seconds, link.flows.set)

        self._each(hold)

    def half_open(self, seconds: float) -> None:
        """The server's side ends; the client hears nothing of it, until after so long its kernel would give up."""

        def open_half(link: Link) -> None:
            link.flows.clear()
            link.server.transport.abort()
            self.loop.call_later(seconds, link.drop)

        self._each(open_half)

    def _each(self, act: Callable[[Link], object]) -> None:
        self.loop.call_soon_threadsafe(lambda: [act(link) for link in list(self.links)])

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        try:
            answers, asks = await asyncio.open_unix_connection(str(self.target))
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, asks)
        self.links.add(link)
        try:
            await asyncio.gather(link.carry(reader, asks), link.carry(answers, writer))
        finally:
            self.links.discard(link)
