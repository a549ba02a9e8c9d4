"""How good is the context that raggen-embed finds, measured through its public HTTP API."""
