import { describe, expect, it } from 'vitest'

import { Markdown } from './markdown'

import { renderIn } from '@/components/testing/in-language'

function show(text: string): HTMLElement {
  return renderIn('en', <Markdown text={text} streaming={false} quotations={false} />).container
}

/** What loads, runs or sends something by being shown. */
const ACTIVE =
  'img, svg image, script, iframe, object, embed, form, button, style, link, meta, video, audio'

describe('hostile markdown', () => {
  it.each([
    'https://%',
    'http://[',
    'http://:',
    'https://x:99999/',
    '//evil.example/x.png',
    'https://evil.example/x.png?q=secret',
    'data:image/png;base64,AAAA',
  ])('shows no picture and breaks nothing: %s', (address) => {
    const shown = show(`before ![alt](${address}) <img src="${address}"> after`)
    expect(shown.textContent).toMatch(/^before .* after$/s)
    expect(shown.querySelector(ACTIVE)).toBeNull()
  })

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x][r]\n\n[r]: vbscript:x',
    '[x](file:///etc/passwd)',
    '[x](/\\evil.example)',
    '[x](//evil.example)',
    '<a href="javascript:alert(1)">x</a>',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name=a><button>b</button></form>',
    '<style>body{background:url(https://evil.example/x)}</style>',
    '<div style="background:url(https://evil.example/x);position:fixed">x</div>',
    '<video src="https://evil.example/x" autoplay></video>',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<p id="content" class="fixed inset-0" onclick="alert(1)">x</p>',
    '$$\\href{javascript:alert(1)}{x}$$',
  ])('runs and loads nothing, and links nowhere hidden: %s', (text) => {
    const shown = show(text)
    expect(shown.querySelector(ACTIVE)).toBeNull()
    for (const link of shown.querySelectorAll('a')) {
      expect(link.getAttribute('href')).toMatch(/^(https?:\/\/|\/(?![/\\])|#answer-)/)
    }
    const written = shown.querySelectorAll('.markdown *')
    const names = [...written].flatMap((element) => element.getAttributeNames())
    expect(names.filter((name) => name === 'style' || name === 'id' || /^on/.test(name))).toEqual(
      [],
    )
  })
})

describe('what was blocked', () => {
  it.each([
    ['en', 'press (address not shown: it could do harm)'],
    ['ru', 'press (адрес скрыт: он может навредить)'],
  ] as const)('is said in %s', (locale, words) => {
    const text = '[press](javascript:alert(1)) ![cat](javascript:alert(1))'
    const markdown = <Markdown text={text} streaming={false} quotations={false} />
    const shown = renderIn(locale, markdown).container.textContent
    expect(shown).toContain(words)
    expect(shown).not.toMatch(/blocked/i)
  })
})

describe('a table', () => {
  it('aligns its cells as it says, without a style', () => {
    const shown = show('| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |')
    const aligned = [...shown.querySelectorAll('th, td')].map((one) => [
      one.textContent,
      one.getAttribute('data-align'),
    ])
    expect(aligned).toEqual([
      ['a', null],
      ['b', 'right'],
      ['c', 'center'],
      ['1', null],
      ['2', 'right'],
      ['3', 'center'],
    ])
    expect(shown.querySelector('[style], [align]')).toBeNull()
  })
})
