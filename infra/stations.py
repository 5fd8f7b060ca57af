"""A station where work queues, as queueing theory has it."""

from dataclasses import dataclass
from math import inf

FULL = 0.7
"""How full a station may be in the busiest hour: beyond it, waiting grows faster than traffic."""

CORES: dict[str, tuple[float, float]] = {
    "db.t4g.micro": (2, 0.10),
    "db.t4g.small": (2, 0.20),
    "db.t4g.medium": (2, 0.20),
    "db.m7g.large": (2, 1),
    "db.r7g.large": (2, 1),
    "db.r7g.xlarge": (4, 1),
    "db.r7g.2xlarge": (8, 1),
    "db.r7g.4xlarge": (16, 1),
}
"""The cores of a class, and the part of them that may be used all day; a t class saves up for its busy hours."""


@dataclass(frozen=True)
class Station:
    """So many arrivals a second, each of which keeps one of so many servers busy for so long."""

    name: str
    arrivals: float
    takes_ms: float
    servers: float
    then: str

    @property
    def use(self) -> float:
        """How full it is; 1 is all of it."""
        return self.arrivals * self.takes_ms / 1000 / self.servers

    @property
    def waits_ms(self) -> float:
        """How long one waits on average before it is its turn, by Erlang's C formula; for ever in a full station."""
        if self.use >= 1:
            return inf
        # Parts of a core are one server that is slower.
        servers = max(1, int(self.servers))
        takes = self.takes_ms * servers / self.servers
        offered = self.arrivals * takes / 1000
        term = total = 1.0
        for number in range(1, servers):
            term *= offered / number
            total += term
        last = term * offered / servers / (1 - offered / servers)
        return last / (total + last) * takes / (servers - offered)


def plain(number: float) -> str:
    """Return a number with the figures that mean something."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 1 else f"{number:.2g}" if number >= 0.001 else "0" if number == 0 else "< 0.001"
