"""Names against a dictionary."""

from __future__ import annotations

from frozen import frozen
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.names import NO_NAME, Names

# Surrogates, too, which JSON may bring; what sorts differently as UTF-16 or by code points.
texts = st.text(st.sampled_from("ab ж\ud800\uffff\U0001f600"), max_size=3)
later = st.lists(texts | st.none(), max_size=4)


@given(st.lists(texts | st.none(), max_size=12), st.booleans(), st.lists(later, max_size=6))
def test_a_name_has_one_code_for_ever(
    base: list[str | None], reload: bool, later: list[list[str | None]]
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
    for together in later:
        for name in together:
            assert name is None or names.find(name) == known.get(name)
        for name, code in zip(together, names.codes(together), strict=True):
            if name is None:
                assert code == NO_NAME
            else:
                assert known.setdefault(name, code) == code
    for name, code in known.items():
        assert [names.find(name)] == names.codes([name]) == [code]
    # One each, and none left out.
    assert sorted(known.values()) == [*range(len(known))]
    assert names.find("nobody's") is None
