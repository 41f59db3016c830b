"""Many people doing things at the same moment, on real connections."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

from django.db import connection

from core.errors import Refused


def race(*attempts: Callable[[], object]) -> list[object]:
    """Run every attempt in a thread of its own, all at once; gives back what each returned, or the refusal it met."""
    start = Barrier(len(attempts))
    results: list[object] = [None] * len(attempts)

    def run(position: int, attempt: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            results[position] = attempt()
        except Refused as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads), "Somebody still waits: a deadlock?"
    return results


def all_at_once(attempts: Sequence[Callable[[], object]], *, threads: int = 8) -> list[object]:
    """Run many attempts on a few threads; gives back, in their order, what each returned or the refusal it met."""

    def run(attempt: Callable[[], object]) -> object:
        try:
            return attempt()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, attempts))


def refusals(results: list[object]) -> list[Refused]:
    """Those who came too late."""
    return [result for result in results if isinstance(result, Refused)]
