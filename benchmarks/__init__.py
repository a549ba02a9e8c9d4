"""How fast and how much, beside the peers: ``python -m benchmarks``, which ``make bench`` calls."""
