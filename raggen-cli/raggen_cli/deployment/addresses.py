"""Who can reach the services, and as whom: addresses, names, origins, proxies."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from raggen_cli.deployment.environment import Environment
from raggen_cli.finding import Finding, Text

EXAMPLE = ".example.org"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def check(text: Text, environment: Environment) -> Iterator[Finding]:
    """Look at everything that says who may talk to the services."""
    yield embed_address(text, environment)
    yield web_address(text, environment)
    yield names(text, environment)
    yield origins(text, environment)
    yield proxies(text, environment)


def embed_address(text: Text, environment: Environment) -> Finding:
    """raggen-embed: nobody but raggen-web has to reach it."""
    host = environment.get("RAGGEN_EMBED_HOST") or "127.0.0.1"
    name = text("check_embed_address")
    if is_loopback(host):
        return Finding("embed_address", "ok", name, text("found_loopback", host=host))
    if not environment.list("RAGGEN_EMBED_API_KEYS"):
        found = text("found_open_without_key", host=host)
        return Finding("embed_address", "fail", name, found, text("do_embed_loopback"))
    found = text("found_open_with_key", host=host)
    return Finding("embed_address", "warn", name, found, text("do_embed_loopback"))


def web_address(text: Text, environment: Environment) -> Finding:
    """raggen-web has no accounts: only the proxy may reach it."""
    host = environment.get("HOSTNAME")
    name = text("check_web_address")
    if host and is_loopback(host):
        return Finding("web_address", "ok", name, text("found_loopback", host=host))
    found = text("found_web_open", host=host) if host else text("found_web_everywhere")
    return Finding("web_address", "fail", name, found, text("do_web_loopback"))


def names(text: Text, environment: Environment) -> Finding:
    """The names that people type."""
    name = text("check_names")
    found = environment.list("RAGGEN_WEB_ALLOWED_HOSTS")
    if not found:
        return Finding("names", "warn", name, text("found_no_names"), text("do_names"))
    wrong = [one for one in found if "*" in one or "/" in one or one.count(":") == 1]
    if wrong:
        said = text("found_wrong_names", names=", ".join(wrong))
        return Finding("names", "fail", name, said, text("do_names"))
    if any(one.endswith(EXAMPLE) for one in found):
        return Finding("names", "fail", name, text("found_example_name"), text("do_names"))
    return Finding("names", "ok", name, ", ".join(found))


def origins(text: Text, environment: Environment) -> Finding:
    """Pages that may read raggen-embed from a browser: best, none."""
    name = text("check_origins")
    found = environment.list("RAGGEN_EMBED_CORS_ORIGINS")
    if "*" in found:
        return Finding("origins", "fail", name, text("found_any_origin"), text("do_origins"))
    plain = [
        one for one in found
        if urlsplit(one).scheme == "http" and not is_loopback(urlsplit(one).hostname or "")
    ]  # fmt: skip
    if plain:
        said = text("found_plain_origins", origins=", ".join(plain))
        return Finding("origins", "warn", name, said, text("do_origins"))
    return Finding("origins", "ok", name, ", ".join(found) or text("found_usual_origins"))


def proxies(text: Text, environment: Environment) -> Finding:
    """Whose word counts for where a request came from."""
    name = text("check_proxies")
    found = environment.list("RAGGEN_WEB_TRUSTED_PROXIES")
    if not found:
        if not environment.list("RAGGEN_WEB_ALLOWED_HOSTS"):
            return Finding("proxies", "ok", name, text("found_no_proxies"))
        # A public name, so something stands in front, and all its visitors look like one.
        said, do = text("found_unknown_proxy"), text("do_proxies")
        return Finding("proxies", "warn", name, said, do)
    if any(one.endswith("/0") for one in found):
        return Finding("proxies", "fail", name, text("found_any_proxy"), text("do_proxies"))
    return Finding("proxies", "ok", name, ", ".join(found))
