"""The retrieval study behind the search: late interaction of MiniLM's own tokens, in memory."""
