"""English, a file a subject."""

from raggen_cli.messages.en import backup, deploy, general, quality, status, upgrade

TEXTS = {
    **general.TEXTS,
    **backup.TEXTS,
    **deploy.TEXTS,
    **quality.TEXTS,
    **status.TEXTS,
    **upgrade.TEXTS,
}
