"""From one version to another and back, with the data."""
