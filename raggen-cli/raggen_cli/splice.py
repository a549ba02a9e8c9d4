"""Two connections made into one: bytes both ways, as they come."""

import asyncio
from dataclasses import dataclass

CHUNK = 65536


@dataclass(frozen=True)
class End:
    """One connection's two directions."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def pump(source: End, target: End) -> None:
    """Carry bytes one way until the source has said that it will send no more, then say so too.

    `drain` waits while the target is slow, so that never more than a buffer is held here.
    """
    while chunk := await source.reader.read(CHUNK):
        target.writer.write(chunk)
        await target.writer.drain()
    if target.writer.can_write_eof():
        target.writer.write_eof()


async def splice(one: End, other: End) -> None:
    """Carry bytes both ways until both sides have finished, or one of them has broken off.

    A side that breaks off takes the other with it: a person who closes the page stops the model.
    Neither is closed properly here; the caller closes both.
    """
    pumps = [asyncio.create_task(pump(*pair)) for pair in ((one, other), (other, one))]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in pumps:
            task.cancel()
        results = await asyncio.gather(*pumps, return_exceptions=True)
        if any(isinstance(result, BaseException) for result in results):
            for end in (one, other):
                end.writer.transport.abort()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(
            result, OSError | asyncio.CancelledError
        ):
            raise result
