"""English, a file a subject."""

from raggen_cli.messages.en import backup, deploy, general, upgrade

TEXTS = {**general.TEXTS, **backup.TEXTS, **deploy.TEXTS, **upgrade.TEXTS}
