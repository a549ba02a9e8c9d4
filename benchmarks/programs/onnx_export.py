"""Writes a BERT of a folder as an ONNX file, from ids to last states, with torch's exporter.

Started with the folder and the file. Attention is not fused in it, as in the file that fastembed
downloads; fused by onnxruntime's own optimizer it was no faster here.
"""

import sys

import torch
from transformers import AutoModel, AutoTokenizer

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class States(torch.nn.Module):
    """The network with its inputs in order and one output."""

    def __init__(self, model: torch.nn.Module) -> None:
        """Wrap a BERT."""
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """The last states, float32[texts, tokens, d]."""
        read = self.model(input_ids=ids, attention_mask=mask, token_type_ids=kinds)
        states: torch.Tensor = read.last_hidden_state
        return states


def main() -> None:
    """Write the file."""
    folder, file = sys.argv[1:]
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    example = tokenizer(["one text", "another, longer text"], padding=True, return_tensors="pt")
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        States(model),
        tuple(example[name] for name in INPUTS),
        file,
        input_names=list(INPUTS),
        output_names=["last_hidden_state"],
        dynamic_axes=dict.fromkeys((*INPUTS, "last_hidden_state"), axes),
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
