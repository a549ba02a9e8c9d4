"""Names against a dictionary."""

from __future__ import annotations

from frozen import frozen
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.names import NO_NAME, Names

# Surrogates, too, which JSON may bring; what sorts differently as UTF-16 or by code points.
texts = st.text(st.sampled_from("ab ж\ud800\uffff\U0001f600"), max_size=3)


@given(st.lists(texts | st.none(), max_size=12), st.booleans(), st.lists(texts, max_size=12))
def test_a_name_has_one_code_for_ever(
    base: list[str | None], reload: bool, later: list[str]
) -> None:
    names = Names()
    codes = names.build([base, base[::-1]])
    assert codes.shape == (2, len(base))
    assert codes[1].tolist() == codes[0, ::-1].tolist()
    if reload:
        loaded = Names()
        loaded.load(frozen(names.arrays()))
        names = loaded
    pairs = [*zip(base, codes[0].tolist(), strict=True)]
    known: dict[str, int] = {name: code for name, code in pairs if name is not None}
    assert {code for name, code in pairs if name is None} <= {NO_NAME}
    assert names.code(None) == NO_NAME
    for name in later:
        assert names.find(name) == known.get(name)
        known.setdefault(name, names.code(name))
    for name, code in known.items():
        assert names.find(name) == names.code(name) == code
    # One each, and none left out.
    assert sorted(known.values()) == [*range(len(known))]
    assert names.find("nobody's") is None
