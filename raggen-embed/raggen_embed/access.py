"""Who may ask: keys that clients send, and where the service must not listen without one."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Sequence

from raggen_embed.errors import SettingsError, Unauthorised
from raggen_embed.settings import Settings

Headers = Iterable[tuple[bytes, bytes]]
BEARER = b"bearer "
KEY_HEADER = b"x-api-key"


class Keys:
    """The keys of the settings, as digests. Without any, everybody may ask."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._digests = [_digest(key.encode("ascii")) for key in keys]

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys of the settings."""
        return cls([key.get_secret_value() for key in settings.api_keys])

    def __bool__(self) -> bool:
        """Whether a key is needed."""
        return bool(self._digests)

    def know(self, sent: bytes) -> bool:
        """Whether this is one of the keys.

        All are compared, each in constant time and by digests of one length: how long it takes says
        nothing about any of them.
        """
        digest = _digest(sent)
        matches = [hmac.compare_digest(digest, own) for own in self._digests]
        return any(matches)

    def check(self, headers: Headers) -> None:
        """Let a request pass by its headers.

        Raises:
            Unauthorised: it carries no key, or a wrong one.
        """
        if not self:
            return
        sent = sent_keys(headers)
        if not sent:
            raise Unauthorised(
                "An API key is needed: send Authorization: Bearer and one of RAGGEN_EMBED_API_KEYS."
            )
        # Checked one and all: with two different ones, nobody could say which was meant.
        known = [self.know(key) for key in sent]
        if not all(known):
            raise Unauthorised(
                "This API key is not known: send one of those in RAGGEN_EMBED_API_KEYS."
            )


def sent_keys(headers: Headers) -> list[bytes]:
    """The keys that a request carries: as ``Authorization: Bearer …`` or as ``X-API-Key``."""
    found = []
    for name, value in headers:
        if name == KEY_HEADER:
            found.append(value.strip())
        elif name == b"authorization":
            # Any other scheme is a wrong key, not none.
            is_bearer = value[: len(BEARER)].lower() == BEARER
            found.append(value[len(BEARER) :].strip() if is_bearer else b"")
    return found


def require_key(settings: Settings, address: str) -> None:
    """Refuse to listen where others can reach it while anybody may ask.

    Args:
        settings: with or without keys.
        address: the IP address that the service is about to listen on.

    Raises:
        SettingsError: it is not loopback, and there is no key.
    """
    if settings.api_keys or _is_loopback(address):
        return
    raise SettingsError(
        f"RAGGEN_EMBED_HOST={settings.host} can be reached from other machines, and no API key is "
        "set: set RAGGEN_EMBED_API_KEYS (such as the output of: openssl rand -hex 32), or set "
        "RAGGEN_EMBED_HOST=127.0.0.1."
    )


def _is_loopback(address: str) -> bool:
    # An IPv6 address may carry its interface: fe80::1%eth0.
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
