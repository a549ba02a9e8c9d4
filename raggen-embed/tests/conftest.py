"""Fixtures: the real model, and real servers on free ports."""

from __future__ import annotations

import itertools
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from embed_service import Service, Start, Zygote

from raggen_embed.encoder import PACKAGED, Encoder

# No deadline: a busy machine is not a slow function.
hypothesis.settings.register_profile("raggen", deadline=None)
hypothesis.settings.load_profile("raggen")


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real model, in this process."""
    return Encoder.load(PACKAGED, 2)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def start(zygote: Zygote, tmp_path: Path) -> Iterator[Start]:
    """Starts services, each in a directory of its own or the one given, and stops them."""
    started: list[Service] = []
    numbers = itertools.count()

    def start(data: Path | None = None, **settings: str) -> Service:
        service = Service.forked(zygote, data or tmp_path / f"data{next(numbers)}", **settings)
        started.append(service)
        return service

    yield start
    for service in started:
        service.kill()


@pytest.fixture(scope="session")
def service(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for tests that keep to an owner of their own."""
    service = Service.forked(zygote, tmp_path_factory.mktemp("shared") / "data").ready()
    yield service
    service.stop()


@pytest.fixture
def owner() -> str:
    """A name that no other test uses."""
    return uuid.uuid4().hex
