"""raggen-cli: sets raggen up, starts it, and says what is wrong with it."""

__version__ = "0.1.0"
