"""What a Locust client does: it asks, reads for a while, and asks something else."""

import json
import os
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, between, task

# All clients take from one list, so that few questions come twice: a cache would answer these.
QUESTIONS = cycle(json.loads(Path(os.environ["BENCH_QUESTIONS"]).read_text("utf-8")))
OWNER = os.environ["BENCH_OWNER"]
THINKING = json.loads(os.environ["BENCH_THINKING"])
RESULTS = 10


class Reader(FastHttpUser):  # type: ignore[misc]
    """Somebody who searches."""

    wait_time = between(*THINKING)
    network_timeout = 60.0
    connection_timeout = 60.0

    @task  # type: ignore[untyped-decorator]
    def search(self) -> None:
        """Ask a question; anything but 200 is a failure."""
        body = {"text": next(QUESTIONS), "owner": OWNER, "k": RESULTS}
        self.client.post("/api/v1/search", json=body)
