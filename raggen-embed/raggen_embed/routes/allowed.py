"""Which methods an address takes, for the answer to one that it does not take."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope


def methods_of(routers: Iterable[APIRouter], scope: Scope) -> str:
    """All methods of a request's address, for an Allow header: Starlette names those of one of its
    routes alone. An address that is written out in a route is that route's, not a template's."""
    found = [
        route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.matches(scope)[0] is not Match.NONE
    ]
    own = [route for route in found if route.path == scope["path"]] or found
    return ", ".join(sorted({method for route in own for method in route.methods or ()}))
