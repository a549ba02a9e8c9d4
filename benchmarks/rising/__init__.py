"""`make load`: rising load on both services, where it bends, and what stands in the way there."""
