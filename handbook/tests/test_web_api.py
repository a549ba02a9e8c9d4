from __future__ import annotations

from pathlib import Path

import pytest
from handbook import embed_api, shortcuts, web_api
from handbook.setting import UndocumentedError
from handbook.web_routes import Route, needed, routes

ROUTE = """import { z } from 'zod'

import { ChatSettings } from '@/chat/settings'

const Post = z.object({
  text: z.string(),
  settings: ChatSettings.optional(),
})

/** Reads. */
export const GET = handle(async ({ runtime }) => {
  return Response.json({})
})

/** Writes. */
export const POST = handle<Params>(async ({ request }) => {
  const wanted = await readBody(request, Post)
  return Response.json(wanted)
}, 'heavy')
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "api" / "things" / "[thingId]"
    folder.mkdir(parents=True)
    (folder / "route.ts").write_text(ROUTE)
    return tmp_path


def test_routes_are_read_from_their_files(source: Path) -> None:
    get, post = routes(source)
    assert (get.name, get.budget, get.takes) == ("GET /api/things/{thingId}", "read", ())
    assert (post.name, post.budget, post.takes) == (
        "POST /api/things/{thingId}",
        "heavy",
        ("Post",),
    )


def test_shapes_come_with_what_they_are_made_of(source: Path) -> None:
    shapes = needed("Post", routes(source)[1].file)
    assert list(shapes)[-1] == "Post"
    assert "minRelevance" in shapes["ContextSettings"]
    assert shapes["Post"].endswith("settings: ChatSettings.optional(),\n})")


def test_a_route_that_nobody_described_is_noticed() -> None:
    new = Route("GET", "/api/secret-door", "read", (), Path("route.ts"))
    with pytest.raises(UndocumentedError, match="GET /api/secret-door"):
        web_api.texts([*routes(), new])


def test_a_route_that_went_must_be_forgotten() -> None:
    with pytest.raises(UndocumentedError, match="what is not there"):
        web_api.texts(routes()[1:])


def test_the_pages_name_every_address() -> None:
    pages = web_api.files() | embed_api.files()
    for language in ("en", "ru"):
        web = pages[f"docs/{language}/reference/api-web.md"]
        assert all(f"### {route.name}\n" in web for route in routes())
        assert "{count" not in web, "a plural is left as it is written in the sources"
        embed = pages[f"docs/{language}/reference/api-embed.md"]
        assert "### PUT /api/v1/items\n" in embed
        assert "### SearchRequest\n" in embed


def test_shortcuts_are_all_there() -> None:
    for language in ("en", "ru"):
        page = shortcuts.page(language)
        assert page.count("\n| <kbd>") == shortcuts.SOURCE.read_text().count("{ name: '")
