"""`raggen deploy check`: is this environment fit for production? A file a subject."""
