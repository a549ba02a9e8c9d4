"""The page as others see it: certificate, password, the way from http to https."""

import http.client
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from raggen_cli.finding import Finding, Status, Text

SECONDS = 15
DAY = 24 * 60 * 60
# Certbot renews 30 days before the end: what has fewer is not being renewed.
SOON_DAYS, URGENT_DAYS = 21, 7


@dataclass(frozen=True)
class Seen:
    """What a server answered: status, headers, and when its certificate ends (seconds, or None)."""

    status: int
    headers: http.client.HTTPMessage
    ends: float | None


def ask(address: SplitResult, path: str) -> Seen:
    """Ask for a page, without a password and without following where it leads.

    Raises:
        ssl.SSLCertVerificationError: the certificate is not trusted, or of another name.
        OSError, http.client.HTTPException: no answer.
    """
    host = address.hostname or ""
    connection = (
        http.client.HTTPSConnection(
            host, address.port, timeout=SECONDS, context=ssl.create_default_context()
        )
        if address.scheme == "https"
        else http.client.HTTPConnection(host, address.port, timeout=SECONDS)
    )
    try:
        connection.connect()
        ends = None
        if isinstance(connection.sock, ssl.SSLSocket):
            told = (connection.sock.getpeercert() or {}).get("notAfter")
            ends = ssl.cert_time_to_seconds(str(told)) if told else None
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read(1024)
        return Seen(answer.status, answer.headers, ends)
    finally:
        connection.close()


def check(text: Text, url: str) -> Iterator[Finding]:
    """Look at the page from outside.

    Args:
        url: as people type it, such as https://chat.company.org
    """
    name = text("check_outside", url=url)
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        yield Finding("outside", "fail", name, text("found_no_https"), text("do_https"))
        return
    try:
        page = ask(address, "/")
    except ssl.SSLCertVerificationError as error:
        found = text("found_bad_certificate", reason=error.verify_message)
        yield Finding("outside", "fail", name, found, text("do_certificate"))
        return
    except (OSError, http.client.HTTPException) as error:
        found = text("found_no_answer", reason=error)
        yield Finding("outside", "fail", name, found, text("do_outside"))
        return
    yield password(text, page)
    yield certificate(text, page)
    hsts = "strict-transport-security" in page.headers
    found = text("found_hsts" if hsts else "found_no_hsts")
    do = "" if hsts else text("do_nginx")
    yield Finding("hsts", "ok" if hsts else "warn", text("check_hsts"), found, do)
    yield plain(text, address)


def password(text: Text, page: Seen) -> Finding:
    """raggen has no accounts, so something before it has to ask who comes."""
    name = text("check_password")
    if page.status in {401, 403} or 300 <= page.status < 400:
        return Finding("password", "ok", name, text("found_password", status=page.status))
    if page.status == 200:
        return Finding("password", "fail", name, text("found_no_password"), text("do_password"))
    found = text("found_status", status=page.status)
    return Finding("password", "warn", name, found, text("do_outside"))


def certificate(text: Text, page: Seen) -> Finding:
    """How long the certificate still holds."""
    name = text("check_certificate")
    days = int(((page.ends or 0.0) - time.time()) // DAY)
    status: Status = "ok" if days >= SOON_DAYS else "warn" if days >= URGENT_DAYS else "fail"
    do = "" if status == "ok" else text("do_certificate")
    return Finding("certificate", status, name, text("found_days", days=days), do)


def plain(text: Text, address: SplitResult) -> Finding:
    """Whoever types the name without https has to get there all the same, and nothing else."""
    name = text("check_plain")
    if address.port not in {None, 443}:
        return Finding("plain", "ok", name, text("found_own_port", port=address.port))
    try:
        seen = ask(urlsplit(f"http://{address.hostname}"), "/")
    except (OSError, http.client.HTTPException):
        return Finding("plain", "ok", name, text("found_plain_closed"))
    leads = str(seen.headers.get("location", ""))
    if 300 <= seen.status < 400 and leads.startswith("https://"):
        return Finding("plain", "ok", name, text("found_redirect", location=leads))
    found = text("found_status", status=seen.status)
    return Finding("plain", "fail", name, found, text("do_nginx"))
