"""HTTP as uvicorn speaks it, with our error shape where a request cannot even be read, and a limit
on what comes before a body."""

from __future__ import annotations

import uuid

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from raggen_embed.errors import HeadTooLarge, NotHttp, RequestError
from raggen_embed.refusals import error_bytes

# A request line and headers. The longest address that the API describes takes some 20 KiB.
MAX_HEAD_BYTES = 128 * 1024
_REASONS = {400: "Bad Request", 431: "Request Header Fields Too Large"}


class Http(HttpToolsProtocol):
    """One connection."""

    _head_bytes = 0
    _is_in_head = True

    def data_received(self, data: bytes) -> None:
        """Read what came, unless a head of any size is being sent."""
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES:
            sentence = (
                f"The request line and headers are longer than {MAX_HEAD_BYTES} bytes: "
                "send fewer or shorter ones."
            )
            self._refuse(HeadTooLarge(sentence))

    def on_message_begin(self) -> None:
        """Count from here on."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting: the body has a limit of its own."""
        self._is_in_head = False
        self._head_bytes = 0
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Answer what is not HTTP."""
        sentence = (
            "This is not an HTTP/1.1 request that can be read: send a shorter or correct one."
        )
        self._refuse(NotHttp(sentence))

    def _refuse(self, error: RequestError) -> None:
        if self.transport.is_closing():
            return
        request_id = uuid.uuid4().hex
        body = error_bytes(self.url.decode("latin-1"), error, request_id)
        head = (
            f"HTTP/1.1 {error.status} {_REASONS[error.status]}\r\n"
            "content-type: application/json\r\n"
            f"content-length: {len(body)}\r\n"
            f"x-request-id: {request_id}\r\n"
            "connection: close\r\n\r\n"
        )
        self.logger.warning("%s: request %s", error.code, request_id)
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
