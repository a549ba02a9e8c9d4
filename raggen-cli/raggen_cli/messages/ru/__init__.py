"""Russian, a file a subject."""

from raggen_cli.messages.ru import backup, general, upgrade

TEXTS = {**general.TEXTS, **backup.TEXTS, **upgrade.TEXTS}
