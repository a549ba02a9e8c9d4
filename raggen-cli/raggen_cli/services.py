"""raggen-embed and raggen-web: how they are started, and when they are ready."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from raggen_cli import probe
from raggen_cli.child import ChildSpec
from raggen_cli.layout import Layout
from raggen_cli.ports import LOOPBACK
from raggen_cli.settings import Settings

EMBED = "raggen-embed"
WEB = "raggen-web"
LOCAL_MODEL = "local-model"


@dataclass(frozen=True)
class Addresses:
    """The ports that were chosen; no local model where its port is None."""

    web: int
    embed: int
    local_model: int | None

    def urls(self) -> dict[str, str]:
        """Return the address of each service, without a slash at the end."""
        found = {"web": self.web, "embed": self.embed, "local_model": self.local_model}
        return {name: f"http://{LOOPBACK}:{port}" for name, port in found.items() if port}


def overridable(settings: Settings, addresses: Addresses) -> dict[str, str]:
    """Return the variables that we set unless the person has set them."""
    data = settings.data_dir
    local_model = addresses.urls().get("local_model")
    return {
        "RAGGEN_EMBED_HOST": LOOPBACK,
        "RAGGEN_EMBED_DATA_DIR": str(data / "embed"),
        "RAGGEN_EMBED_CORS_ORIGINS": f"http://{LOOPBACK}:{addresses.web},"
        f"http://localhost:{addresses.web}",
        "RAGGEN_WEB_DATABASE_URL": f"file:{data / 'raggen.db'}",
        "RAGGEN_WEB_EMBED_URL": addresses.urls()["embed"],
        "RAGGEN_WEB_LOCAL_MODEL_URL": f"{local_model}/v1" if local_model else "",
        "RAGGEN_WEB_SECRET_FILE": str(data / "secret.key"),
    }


def environment(
    base: Mapping[str, str], settings: Settings, addresses: Addresses
) -> dict[str, str]:
    """Return the environment of both services: the person's, our defaults below it, ports above.

    PORT and HOSTNAME are ours alone: many machines set HOSTNAME to their own name, and Next.js
    would then listen to the whole network.
    """
    dropped = {"PYTHONPATH", "PYTHONHOME", "NODE_OPTIONS"}
    return {
        **overridable(settings, addresses),
        **{name: value for name, value in base.items() if name not in dropped},
        "PORT": str(addresses.web),
        "HOSTNAME": LOOPBACK,
        "RAGGEN_EMBED_PORT": str(addresses.embed),
        "NODE_ENV": "production",
        "NEXT_TELEMETRY_DISABLED": "1",
    }


async def answers(port: int, path: str) -> bool:
    """Tell whether a page of a service on this machine comes back with 200."""
    reply = await probe.get(port, path)
    return reply is not None and reply.status == 200


def embed(
    layout: Layout, settings: Settings, addresses: Addresses, base: Mapping[str, str]
) -> ChildSpec:
    """Return how raggen-embed is started."""
    return ChildSpec(
        name=EMBED,
        command=[sys.executable, "-I", "-u", "-m", "raggen_embed"],
        environment=environment(base, settings, addresses),
        cwd=layout.root,
        log=settings.logs_dir / "embed.log",
        ready=lambda: answers(addresses.embed, "/readyz"),
    )


def web(
    layout: Layout, settings: Settings, addresses: Addresses, base: Mapping[str, str]
) -> ChildSpec:
    """Return how raggen-web is started."""
    return ChildSpec(
        name=WEB,
        command=[str(layout.node), str(layout.standalone)],
        environment=environment(base, settings, addresses),
        cwd=layout.standalone.parent,
        log=settings.logs_dir / "web.log",
        ready=lambda: answers(addresses.web, "/readyz"),
    )
