"""What it costs to keep pages up to date: asking, as the product does, beside event streams.

    python -m benchmarks.news [pages] [seconds]          # a database with orders, e.g. the demo's; reads only

So many order pages are open at once while nothing changes. First each asks for news every five seconds, then each holds a stream that is
subscribed to a channel of Redis. The stream is given every advantage: it checks no rights, speaks no language and draws nothing. Printed:
seconds of the web process's CPU per page and hour, its memory for each hundred pages, and how long an answer or an announcement takes.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import redis.asyncio  # noqa: E402 - Django stands first
from django.conf import settings  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.test import Client  # noqa: E402

from config.showroom import wait_for  # noqa: E402
from core.people.models import User  # noqa: E402
from frontoffice.sales.models import Order  # noqa: E402

CHANNEL, STREAM, EVERY = "benchmark-news", "/stream/", 5.0
product = get_asgi_application()


async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """The product, and beside it a stream of announcements."""
    if scope["type"] != "http" or scope["path"] != STREAM:
        await product(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    connection = redis.asyncio.from_url(settings.REDIS_URL)
    async with connection, connection.pubsub() as heard:
        await heard.subscribe(CHANNEL)
        await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
        async for message in heard.listen():
            if message["type"] == "message":
                await send({"type": "http.response.body", "body": b"data: " + message["data"] + b"\n\n", "more_body": True})


async def asks(port: int, address: str, cookie: str, first: float, until: float, took: list[float]) -> None:
    """One page that asks every five seconds, as live.js does once a page has stood for a while."""
    mark = ""
    await asyncio.sleep(first)
    while time.monotonic() < until:
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wanted = {"Host": "127.0.0.1", "Cookie": cookie, "X-News": "1", "Connection": "close", **({"If-None-Match": mark} if mark else {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        writer.write(f"GET {address}?fragment HTTP/1.1\r\n{head}\r\n".encode())
        said = (await reader.read()).partition(b"\r\n\r\n")[0].decode("latin-1").lower()
        writer.close()
        if mark:
            took.append((time.perf_counter() - begun) * 1000)
        mark = dict(line.split(": ", 1) for line in said.split("\r\n")[1:]).get("etag", "")
        await asyncio.sleep(EVERY)


async def listens(port: int, until: float, took: list[float]) -> None:
    """One page that holds a stream; each announcement says when it was made."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while (left := until - time.monotonic()) > 0:
        try:
            line = await asyncio.wait_for(reader.readline(), left)
        except TimeoutError:
            break
        if line.startswith(b"data: "):
            took.append((time.time() - float(line[6:])) * 1000)
    writer.close()


async def announces(until: float) -> None:
    """Something changes somewhere, every five seconds."""
    async with redis.asyncio.from_url(settings.REDIS_URL) as connection:
        while time.monotonic() < until - 1:
            await asyncio.sleep(EVERY)
            await connection.publish(CHANNEL, str(time.time()))


def spent(pid: int) -> tuple[float, float]:
    """Seconds of CPU and megabytes of memory of a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), memory


async def measure(name: str, pid: int, pages: list[Awaitable[None]], seconds: float, took: list[float]) -> None:
    """Let all pages stand open, and print what it cost."""
    cpu, memory = spent(pid)
    await asyncio.gather(*pages)
    more_cpu, more_memory = (now - then for now, then in zip(spent(pid), (cpu, memory), strict=True))
    took.sort()
    print(
        f"{name:<9}{len(pages):>6}{more_cpu / len(pages) / seconds * 3600:>14.1f}{more_memory / len(pages) * 100:>14.1f}"
        f"{statistics.median(took):>10.1f}{took[int(len(took) * 0.95)]:>10.1f}"
    )


async def run(port: int, pid: int, pages: int, seconds: float) -> None:
    """First asking, then streams."""
    client = Client()
    user = await User.objects.aget(email="dewi@nusantara.example")
    await client.aforce_login(user)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    orders = [pk async for pk in Order.objects.order_by("-pk").values_list("pk", flat=True)[:pages]]
    addresses = [f"/sales/orders/{orders[number % len(orders)]}/" for number in range(pages)]
    await asyncio.gather(*(asks(port, address, cookie, 0, time.monotonic() + 1, []) for address in addresses[:8]))  # everything is loaded
    print(f"{'':<9}{'pages':>6}{'CPU s/page h':>14}{'MB/100 pages':>14}{'ms median':>10}{'ms 95 %':>10}")
    took: list[float] = []
    until = time.monotonic() + seconds
    await measure(
        "asking",
        pid,
        [asks(port, address, cookie, EVERY * number / pages, until, took) for number, address in enumerate(addresses)],
        seconds,
        took,
    )
    heard: list[float] = []
    until = time.monotonic() + seconds
    await measure("streams", pid, [*(listens(port, until, heard) for _ in range(pages)), announces(until)], seconds, heard)


def main(pages: int, seconds: float) -> None:
    """Serve, measure, stop."""
    port = 8967
    words = ["benchmarks.news:application", "--port", str(port), "--lifespan", "off", "--no-access-log", "--log-level", "error"]
    server = subprocess.Popen([sys.executable, "-m", "uvicorn", *words])
    try:
        wait_for(server, f"http://127.0.0.1:{port}")
        asyncio.run(run(port, server.pid, pages, seconds))
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
