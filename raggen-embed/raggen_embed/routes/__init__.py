"""The HTTP interface: thin handlers, a file a noun."""
