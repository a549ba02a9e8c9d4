"""raggen-embed: turns text into vectors and finds what is relevant."""

__version__ = "0.1.0"
