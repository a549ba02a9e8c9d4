"""The real llama.cpp server with the real SmolLM2, behind the real door."""

import asyncio
import json
import os
import platform
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from raggen_cli import layout, local_model, ports, services, weights
from raggen_cli.activation import Activation
from raggen_cli.child import ChildSpec

needs_a_build = pytest.mark.skipif(
    not local_model.fits(), reason="the llama.cpp server has no build for this machine"
)


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    place = layout.find()

    def spec_for(port: int) -> ChildSpec:
        return ChildSpec(
            name=services.LOCAL_MODEL,
            command=local_model.command(place, port),
            environment=local_model.environment(place, os.environ),
            cwd=tmp_path,
            log=tmp_path / "local-model.log",
            ready=lambda: services.answers(port, "/health"),
        )

    door = Activation(spec_for, lambda _key: None)
    bound = ports.bind(0)
    await door.listen(bound)
    yield bound.getsockname()[1]
    await door.close()


def request(path: str, body: dict[str, object], *headers: str) -> bytes:
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode() + content


QUESTION: dict[str, object] = {
    "model": local_model.NAME,
    "messages": [{"role": "user", "content": "Say hello to marmalade."}],
    "max_tokens": 12,
    "temperature": 0,
    "stream": True,
}


async def exchange(port: int, question: bytes) -> bytes:
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(question)
        # Not until the end of the connection: the server keeps that open for a while.
        answer = await reader.readuntil(b"data: [DONE]")
        writer.close()
        return answer


@needs_a_build
async def test_an_answer_streams(port: int, tmp_path: Path) -> None:
    answer = await exchange(port, request("/v1/chat/completions", QUESTION))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    events = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: ")]
    assert events[-1].strip() == b"[DONE]"
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events[:-1]]
    words = [delta["content"] for delta in deltas if delta.get("content")]
    assert len(words) > 3, "it came in one piece"
    assert "".join(words).strip()
    assert "marmalade" not in (tmp_path / "local-model.log").read_text()


@needs_a_build
async def test_other_peoples_pages_may_not_read_it(port: int) -> None:
    evil = "Origin: http://evil.example"
    answer = await exchange(port, request("/v1/chat/completions", QUESTION, evil))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"evil.example" not in answer.partition(b"\r\n\r\n")[0]
    assert b"Allow-Origin: *" not in answer.partition(b"\r\n\r\n")[0]


def test_settings_of_another_llama_stay_outside() -> None:
    found = local_model.environment(
        layout.find(), {"LLAMA_ARG_PORT": "1", "LD_LIBRARY_PATH": "/lib", "HOME": "/"}
    )
    assert "LLAMA_ARG_PORT" not in found
    beside, theirs, openmp = found["LD_LIBRARY_PATH"].split(":")
    assert (Path(beside).name, theirs) == ("bin", "/lib")
    assert (Path(openmp) / "libgomp.so.1").exists()


@needs_a_build
def test_the_weights_are_the_published_ones() -> None:
    assert weights.is_published(layout.find(), weights.LOCAL_MODEL)
    assert weights.is_published(layout.find(), weights.ENCODER)
    assert weights.is_published(layout.find(), weights.MULTILINGUAL)


@pytest.mark.parametrize(
    ("system", "machine", "libc", "fits"),
    [
        ("linux", "x86_64", ("glibc", "2.36"), True),
        ("linux", "x86_64", ("glibc", "2.35"), True),
        ("linux", "x86_64", ("glibc", "2.31"), False),
        ("linux", "x86_64", ("", ""), False),
        ("linux", "aarch64", ("glibc", "2.36"), False),
        ("darwin", "x86_64", ("", ""), False),
    ],
)
def test_it_is_offered_where_it_has_a_build(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, libc: tuple[str, str], *, fits: bool
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: libc)
    assert local_model.fits() is fits
