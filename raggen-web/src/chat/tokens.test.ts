import { expect, it } from 'vitest'

import { estimateTokens } from './tokens'

/** Counted by llama-server's /tokenize with SmolLM2-135M-Instruct, each text twenty times over. */
it.each([
  ['My dog is called Archie, he is afraid of thunder. ', 261],
  ['Мою собаку зовут Арчи, он боится грозы и громких салютов по праздникам. ', 1141],
  ['const x = arr.map((v, i) => ({ ...v, idx: i + 1 })).filter(Boolean);\n', 580],
  ['3.14159 2026-05-08 +7 (495) 123-45-67 ', 720],
  ['我的狗叫阿奇，他怕打雷。', 460],
  ['🐕👩‍👩‍👧🔥', 380],
  ['كلبي اسمه آرتشي ويخاف من الرعد ', 560],
  ['https://example.com/a/b?c=d&e=f#ghi_jkl-mno ', 521],
])('is enough and not far too much for %j', (text, counted) => {
  const estimate = estimateTokens(text.repeat(20))
  expect(estimate).toBeGreaterThanOrEqual(counted)
  expect(estimate).toBeLessThanOrEqual(counted * 1.7)
})
