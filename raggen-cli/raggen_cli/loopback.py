"""Questions to the services on this machine, past every proxy.

urlopen obeys http_proxy, also for 127.0.0.1 where no_proxy does not name it: a company's proxy
would then be asked for what only this machine knows.
"""

import urllib.request
from http.client import HTTPResponse
from typing import cast

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def opened(request: urllib.request.Request, seconds: float) -> HTTPResponse:
    """Send a request to a server on this machine; close what comes back.

    Raises:
        urllib.error.HTTPError: it answered with a failure.
        OSError: nobody answers, or not within `seconds`.
    """
    return cast("HTTPResponse", _DIRECT.open(request, timeout=seconds))
