"""Every sentence that a person reads, in Russian and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from raggen_cli.messages.en import TEXTS as EN
from raggen_cli.messages.ru import TEXTS as RU

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": EN, "ru": RU}
VARIABLES = ("RAGGEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Messages:
    """Sentences of one language."""

    language: str

    def text(self, key: str, **values: object) -> str:
        """Return the sentence with its placeholders filled.

        Raises:
            KeyError: there is no such sentence, or a value is missing: a mistake in our code.
        """
        return LANGUAGES[self.language][key].format(**values)


def choose(environment: Mapping[str, str]) -> Messages:
    """Return the person's language: RAGGEN_LANG, else the locale; English where it is neither."""
    found = next((environment[name] for name in VARIABLES if environment.get(name)), "en")
    language = found.lower()[:2]
    return Messages(language if language in LANGUAGES else "en")
