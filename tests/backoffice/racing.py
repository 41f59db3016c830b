"""Many people at once, on real connections."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from core.errors import Refused


def all_at_once(attempts: Sequence[Callable[[], object]], *, threads: int = 8) -> list[object]:
    """Run the attempts on so many threads; gives back, in their order, what each returned or the refusal it met."""

    def run(attempt: Callable[[], object]) -> object:
        try:
            return attempt()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, attempts))
