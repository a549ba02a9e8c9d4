"""What Prometheus is told: requests, stages, batches, the queue, caches, the size of everything.

The lowest layer: any module may import it and observe. Labels are names that the code knows
(routes' templates, stages, models' roles), never owners, ids or texts.

Several applications in one process (as in tests) share these numbers, as they share its memory.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from raggen_embed import __version__

CONTENT_TYPE = CONTENT_TYPE_LATEST
PREFIX = "raggen_embed"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "requests", "Requests answered.", ["route", "method", "status"], PREFIX, registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "request_seconds",
    "Time from a request's arrival to the end of its answer.",
    ["route"],
    PREFIX,
    registry=REGISTRY,
    buckets=SECONDS,
)
STAGE_SECONDS = Histogram(
    "stage_seconds",
    "Time by stage of the work, and of embed: from handing texts to a model to their vectors.",
    ["stage"],
    PREFIX,
    registry=REGISTRY,
    buckets=SECONDS,
)
BATCH_WINDOWS = Histogram(
    "batch_windows",
    "Windows that a model read as one batch.",
    ["model"],
    PREFIX,
    registry=REGISTRY,
    buckets=SIZES,
)
WRITE_ITEMS = Histogram(
    "write_items",
    "Changes that were one commit.",
    namespace=PREFIX,
    registry=REGISTRY,
    buckets=SIZES,
)
QUEUE_WINDOWS = Gauge(
    "queue_windows", "Windows that wait for a model.", ["model"], PREFIX, registry=REGISTRY
)
ITEMS = Gauge("items", "Items that a search can find.", namespace=PREFIX, registry=REGISTRY)
GENERATION = Gauge(
    "generation", "The last commit that changed anything.", namespace=PREFIX, registry=REGISTRY
)
READY = Gauge("ready", "1 when it can work.", namespace=PREFIX, registry=REGISTRY)
BUILD = Gauge(
    "build_info", "Always 1; the version is a label.", ["version"], PREFIX, registry=REGISTRY
)
STORE_BYTES = Gauge(
    "store_bytes", "Size of the database on the disk.", namespace=PREFIX, registry=REGISTRY
)
INDEX_LANES = Gauge(
    "index_lanes", "Dense lanes by the tier of their index.", ["tier"], PREFIX, registry=REGISTRY
)
MEMORY_BYTES = Gauge(
    "memory_bytes",
    "Memory of the process: resident, and the anonymous part of it.",
    ["kind"],
    PREFIX,
    registry=REGISTRY,
)
CPU_SECONDS = Gauge(
    "cpu_seconds", "Processor time of the process.", namespace=PREFIX, registry=REGISTRY
)
OPEN_FILES = Gauge(
    "open_files", "File descriptors of the process.", namespace=PREFIX, registry=REGISTRY
)


class _Caches(Collector):
    """Counters that caches keep themselves."""

    def __init__(self) -> None:
        self.counts: Mapping[str, Mapping[str, int]] = {}
        self.searches: Mapping[str, int] = {}

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(
            f"{PREFIX}_cache_windows",
            "Windows that a model was asked to read: hit (kept from before), miss, or joined to an "
            "equal one under way.",
            labels=["model", "result"],
        )
        for model, results in self.counts.items():
            for result, count in results.items():
                family.add_metric([model, result], count)
        yield family
        searches = CounterMetricFamily(
            f"{PREFIX}_cache_searches",
            "Searches: hit (answered before, nothing written since), miss, or joined to an equal "
            "one under way.",
            labels=["result"],
        )
        for result, count in self.searches.items():
            searches.add_metric([result], count)
        yield searches


_CACHES = _Caches()
REGISTRY.register(_CACHES)


@dataclass(frozen=True)
class State:
    """What is counted when somebody asks, not as it happens.

    ``lanes``: how many dense lanes have an index of each tier. By model: ``queues``, the windows
    that wait for it, and ``caches``, how often its cache had a window (hit, miss, joined);
    ``searches``: the same of whole searches.
    """

    items: int
    generation: int
    store_bytes: int
    lanes: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[str, int] = field(default_factory=dict)
    caches: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    searches: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ProcessMemory:
    """Bytes; both 0 where the system does not say."""

    resident: int
    anonymous: int

    @classmethod
    def now(cls) -> ProcessMemory:
        """Of this process. Shared pages of files (models, snapshots) are resident, not anonymous:
        Linux takes them back when it needs to."""
        try:
            lines = Path("/proc/self/status").read_text("ascii").splitlines()
        except OSError:
            return cls(0, 0)
        kilobytes = {
            name: int(value.split()[0])
            for name, _, value in (line.partition(":") for line in lines)
            if name in {"VmRSS", "RssAnon"}
        }
        return cls(1024 * kilobytes.get("VmRSS", 0), 1024 * kilobytes.get("RssAnon", 0))


class Stages:
    """How long the stages of one request took, for its line in the log."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def add(self, stage: str, seconds: float) -> None:
        """Note a stage, and tell Prometheus."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        STAGE_SECONDS.labels(stage).observe(seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - started)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Note an answer. ``route`` is the template that the code has, or "none"."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def render(state: State | None) -> bytes:
    """Everything in Prometheus' text format; ``state`` None while it is not ready."""
    READY.set(state is not None)
    if state is not None:
        ITEMS.set(state.items)
        GENERATION.set(state.generation)
        STORE_BYTES.set(state.store_bytes)
        INDEX_LANES.clear()
        for tier, count in state.lanes.items():
            INDEX_LANES.labels(tier).set(count)
        for model, windows in state.queues.items():
            QUEUE_WINDOWS.labels(model).set(windows)
        _CACHES.counts = state.caches
        _CACHES.searches = state.searches
    BUILD.labels(__version__).set(1)
    memory = ProcessMemory.now()
    MEMORY_BYTES.labels("resident").set(memory.resident)
    MEMORY_BYTES.labels("anonymous").set(memory.anonymous)
    CPU_SECONDS.set(time.process_time())
    OPEN_FILES.set(_open_files())
    return generate_latest(REGISTRY)


def _open_files() -> int:
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return 0
