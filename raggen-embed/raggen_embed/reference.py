"""Any model of sentence-transformers, on torch: the reference that faster engines are tested
against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from raggen_embed.engine import Reading, Weight

# all-MiniLM-L6-v2 was trained on at most 256 tokens; a model without a limit of its own gets the
# same.
DEFAULT_MAX_TOKENS: Final = 256


class Reference:
    """A model of sentence-transformers. Not thread-safe."""

    def __init__(self, place: str, threads: int) -> None:
        """Load the model from a directory, or from the hub's local cache by its name."""
        # Importing takes seconds, and the packaged model needs none of this.
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        self._no_gradients = torch.inference_mode
        model: Any = SentenceTransformer(place, device="cpu", local_files_only=True)
        self._model = model
        self.tokenizer = model.tokenizer.backend_tokenizer
        self.max_tokens = int(model.max_seq_length or DEFAULT_MAX_TOKENS)
        self.dimensions = int(model.get_embedding_dimension())
        self.special = np.array(model.tokenizer.all_special_ids, np.int64)

    def weights(self) -> Iterator[Weight]:
        """Every tensor, sorted by name."""
        for name, tensor in sorted(self._model.state_dict().items()):
            yield Weight(name, str(tensor.dtype), tensor.detach().contiguous().numpy())

    def read(self, texts: list[str]) -> Reading:
        """Run the model over at least one text, as one batch."""
        with self._no_gradients():
            made = self._model(self._model.preprocess(texts))
            states = made.get("token_embeddings")
            return Reading(
                vectors=np.asarray(made["sentence_embedding"].numpy(), np.float32),
                ids=made["input_ids"].numpy(),
                mask=made["attention_mask"].numpy(),
                states=None if states is None else states.numpy(),
            )
