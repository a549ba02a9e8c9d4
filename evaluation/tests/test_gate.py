"""No figure of sixty messages of our own may get worse: the real raggen-embed, and broken ones."""

import copy
import json
from collections.abc import Iterator

import httpx
import pytest
from evaluation.client import Client, running_embed
from evaluation.gate import MARGINS, UNRELATED, gate_figures, read_kept, worse
from evaluation.study.models import Models
from evaluation.study.small import small_memories
from evaluation.study.trial import Trial


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with running_embed() as client:
        yield client


@pytest.fixture(scope="module")
def figures(client: Client) -> dict[str, dict[str, float]]:
    return gate_figures(client)


def test_nothing_got_worse(figures: dict[str, dict[str, float]]) -> None:
    assert worse(figures, read_kept()) == []


def test_the_study_ranks_as_the_service_does(
    client: Client, figures: dict[str, dict[str, float]], models: Models
) -> None:
    assert figures  # the service holds the messages
    for one in small_memories():
        search = Trial.of(one.chosen, models).search()
        for query in one.chosen.queries[:5]:
            owner = f"gate-{one.chosen.name}"
            body = {"text": query.text, "owner": owner, "k": 10, "min_relevance": 0}
            answer = client.search(body)
            ranked = search.find(query.text, 10)
            ids = [one.chosen.items[slot]["id"] for slot in ranked.slots.tolist()]
            ours = dict(zip(ids, ranked.relevance.tolist(), strict=True))
            # Batches of other sizes round a little differently.
            for result in answer.results:
                assert result["relevance"] == pytest.approx(ours[result["id"]], abs=0.05)
            assert len({result["id"] for result in answer.results} & {*ids[:10]}) >= 9


def broken(results: list[dict[str, object]]) -> Client:
    """A service that takes every item and answers every question alike."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/items"):
            items = json.loads(request.content)["items"]
            return httpx.Response(200, json={"results": [{"status": "created"} for _ in items]})
        return httpx.Response(200, json={"results": results, "default_min_relevance": 0.03})

    return Client(httpx.Client(transport=httpx.MockTransport(answer), base_url="http://broken"))


def test_a_search_that_finds_nothing_does_not_pass() -> None:
    found = worse(gate_figures(broken([])), read_kept())
    for direction in read_kept():
        assert any(line.startswith(f"{direction}: ndcg@10") for line in found)
        assert any(line.startswith(f"{direction}: recall@5") for line in found)


def test_a_search_that_shows_something_to_everybody_does_not_pass() -> None:
    anything = {"id": "m1", "text": "x", "relevance": 0.9}
    assert any(UNRELATED in line for line in worse(gate_figures(broken([anything])), read_kept()))


@pytest.mark.parametrize("name", [*MARGINS])
def test_a_figure_just_within_its_margin_passes_and_one_beyond_does_not(name: str) -> None:
    kept = read_kept()
    sign = 1 if name == UNRELATED else -1
    for share, passes in ((0.9, True), (1.1, False)):
        doctored = copy.deepcopy(kept)
        doctored["ru-to-ru"][name] += sign * share * MARGINS[name]
        assert (worse(doctored, kept) == []) is passes


def test_better_figures_pass_and_a_missing_direction_does_not() -> None:
    kept = read_kept()
    better = {name: dict(row) | {"ndcg@10": 100.0, UNRELATED: 0.0} for name, row in kept.items()}
    assert worse(better, kept) == []
    assert worse({}, kept)
