"""The product's formula taken apart, in process: ablations, follow-ups, the fit of relevance."""
