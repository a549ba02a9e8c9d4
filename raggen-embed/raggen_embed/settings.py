"""Settings, read from the environment once, at start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from raggen_embed.errors import SettingsError

PREFIX = "RAGGEN_EMBED_"
MAX_CORES_USED = 8
# Fewer characters could be guessed at the speed of a local network.
MIN_KEY = 16
MAX_KEY = 512

CommaList = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Typed and frozen; the description of a field says what to write."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(
        default="127.0.0.1", min_length=1, description="an address to listen on, such as 127.0.0.1"
    )
    port: int = Field(
        default=8001, ge=0, le=65535, description="a port from 1 to 65535, or 0 for any free one"
    )
    data_dir: Path = Field(
        default=Path("data/embed"), description="a directory that this user can write to"
    )
    model: str = Field(
        default="all-MiniLM-L6-v2",
        min_length=1,
        description="all-MiniLM-L6-v2 (packaged), a directory with a sentence-transformers model, "
        "or a hub name",
    )
    multilingual: bool = Field(
        default=True,
        description="on or off: a second, multilingual encoder beside the model, "
        "for Russian and across languages",
    )
    threads: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, MAX_CORES_USED),
        ge=1,
        le=256,
        description="how many processor threads the model may use, from 1 to 256",
    )
    precision: Literal["auto", "f32", "bf16"] = Field(
        default="auto",
        description="auto, f32, or bf16 where the processor has it",
    )
    cache_mb: int = Field(
        default=32,
        ge=0,
        le=65536,
        description="megabytes for the vectors of texts read lately, from 0 to 65536",
    )
    search_cache_mb: int = Field(
        default=16,
        ge=0,
        le=65536,
        description="megabytes for answers to searches asked lately, from 0 to 65536",
    )
    cors_origins: CommaList = Field(
        default=("http://127.0.0.1:3000", "http://localhost:3000"),
        description="origins separated by commas, "
        "such as http://127.0.0.1:3000,http://localhost:3000",
    )
    allowed_hosts: CommaList = Field(
        default=("127.0.0.1", "localhost", "[::1]"),
        description="host names that requests may be addressed to, separated by commas, "
        "or * for any",
    )
    # Secret, so that no log or error that prints the settings shows them.
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description=f"keys of {MIN_KEY} to {MAX_KEY} letters, digits and signs without spaces, "
        "separated by commas",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    min_relevance: float | None = Field(
        default=None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="the lowest relevance that a search returns, from 0 to 1, "
        "or nothing for the model's own",
    )
    max_body_bytes: int = Field(
        default=8 * 1024 * 1024,
        ge=1024,
        le=1 << 30,
        description="a number of bytes from 1024 to 1073741824",
    )
    queue_windows: int = Field(
        default=2048,
        ge=64,
        le=1_000_000,
        description="how many windows of text may wait for the model, from 64 to 1000000",
    )
    shutdown_seconds: int = Field(
        default=10,
        ge=1,
        le=600,
        description="seconds that requests get to finish after SIGTERM, from 1 to 600",
    )

    @field_validator("cors_origins", "allowed_hosts", "api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            # "*" is refused: this service has no accounts, so any web page could read the memory.
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
                raise ValueError("not an origin")
        return value

    @field_validator("api_keys")
    @classmethod
    def _keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in value:
            text = key.get_secret_value()
            # Visible ASCII: nothing else goes into a header as it is.
            if not (MIN_KEY <= len(text) <= MAX_KEY and text.isascii() and text.isprintable()):
                raise ValueError("not a key")
            if " " in text:
                raise ValueError("not a key")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: names the variable and says what to write.
    """
    try:
        return Settings()
    except ValidationError as error:
        sentences = []
        for problem in error.errors(include_input=False, include_url=False):
            name = str(problem["loc"][0])
            field = Settings.model_fields.get(name)
            wanted = field.description if field else "nothing: there is no such setting"
            sentences.append(f"{PREFIX}{name.upper()} cannot be used: write {wanted}.")
        raise SettingsError(" ".join(sentences)) from error
