"""What `raggen doctor` looks at, a file a subject. Nothing here changes anything."""
