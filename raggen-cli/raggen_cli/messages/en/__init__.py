"""English, a file a subject."""

from raggen_cli.messages.en import backup, general, upgrade

TEXTS = {**general.TEXTS, **backup.TEXTS, **upgrade.TEXTS}
