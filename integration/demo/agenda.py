"""An agenda of things to happen: each at its moment of business time, the deliveries of events carried out after it."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from core import clock
from core.events.publishing import quietly
from integration import delivery, memory

Deed = Callable[[], None]


class Agenda:
    """What is still to happen, in order of time. A deed may put later deeds on the agenda."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def add(self, moment: datetime, deed: Deed) -> None:
        """Let ``deed`` happen at an aware ``moment``."""
        heapq.heappush(self._deeds, (moment, next(self._order), deed))

    def live_until(self, end: datetime, *, after_each: Callable[[datetime], None]) -> None:
        """Let everything up to ``end`` happen; what would come later is left undone, like tomorrow."""
        with quietly():
            while self._deeds and self._deeds[0][0] <= end:
                moment, _order, deed = heapq.heappop(self._deeds)
                with clock.at(moment):
                    memory.publish_due()
                    deed()
                    delivery.drain()
                after_each(moment)
