"""English, a file a subject."""

from raggen_cli.messages.en import backup, deploy, general, status, upgrade

TEXTS = {**general.TEXTS, **backup.TEXTS, **deploy.TEXTS, **status.TEXTS, **upgrade.TEXTS}
