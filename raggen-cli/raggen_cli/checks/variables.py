"""Environment variables that change what raggen does: their names, never their values."""

from collections.abc import Iterator, Mapping

from raggen_cli.finding import Finding, Text

OTHERS = ("HF_HOME", "PIP_INDEX_URL", "PIP_NO_INDEX", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
          "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "PYTHONPATH", "PYTHONHOME")  # fmt: skip


def check(text: Text, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Name what is set. A value may be a key or a password, so none is shown."""
    names = sorted(
        name for name in environment if name.startswith("RAGGEN_") or name.upper() in OTHERS
    )
    found = text("found_variables", names=", ".join(names)) if names else text("found_no_variables")
    yield Finding("environment", "ok", text("check_environment"), found)
