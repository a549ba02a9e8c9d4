import { describe, expect, it } from 'vitest'

import { contextItem } from '../../test/context-item'
import { INJECTIONS } from '../../test/injections'

import { quoted, unusedBoundary } from './fence'
import { buildPrompt, type PromptInput } from './prompt'

const QUESTION = 'What is my dog afraid of?'
const BOUNDARY = 'b0undary'
const limits = {
  windowTokens: 40_000,
  answerTokens: 1000,
  promptTokens: 39_000,
  contextItems: 50,
}

function promptOf(change: Partial<PromptInput>, brief = false) {
  return buildPrompt({
    question: QUESTION,
    history: [],
    items: [],
    limits: { ...limits, brief },
    boundary: BOUNDARY,
    systemPrompt: null,
    decline: false,
    count: 50,
    budgetShare: 0.9,
    ...change,
  }).messages
}

const BENIGN = contextItem(2, 'Archie is afraid of thunder.')
/** As the prompt has it without any attack. */
const SYSTEM = promptOf({ items: [BENIGN] })[0]?.content

/** What a server's tokenizer would take for the end of a message or the beginning of another. */
const TOKENS =
  /<\|[^|\n]*\|>|<｜[^｜\n]*｜>|[<＜][|｜]|[|｜][>＞]|<\/?(?:s|bos|eos|pad|unk|mask|sop|start_of_turn|end_of_turn|think|tool_call|system|user|assistant|document|context|memory|instructions|extra_id_0|0x0A)>|\[\/?(?:INST|CLS|SEP|MASK|gMASK|AVAILABLE_TOOLS|TOOL_CALLS)\]|<<\/?SYS>>/i
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f\ud800-\udfff]|[\u{e0000}-\u{e01ef}]/u
const lettersOf = (text: string) => text.replace(/[^A-Za-zА-Яа-яЁё0-9]/gu, '')

/** The lines between the two markers, which stand once each; throws when the fence is not whole. */
function insideFence(content: string): { mark: string; inside: string[] } {
  const lines = content.split('\n')
  const mark = /^<<memory (\S+)>>$/.exec(lines[0] ?? '')?.[1]
  expect(mark).toBeDefined()
  const end = `<<end of memory ${mark}>>`
  expect(lines.filter((line) => line === end)).toHaveLength(1)
  expect(content.split(String(mark))).toHaveLength(3)
  const at = lines.indexOf(end)
  expect(lines.slice(at + 1)).toEqual(['', QUESTION])
  return { mark: String(mark), inside: lines.slice(1, at) }
}

describe('fifty injections', () => {
  it('are fifty, each its own', () => {
    expect(INJECTIONS).toHaveLength(50)
    expect(new Set(INJECTIONS.map(([, text]) => text)).size).toBe(50)
  })

  describe.each(INJECTIONS)('%s', (_kind, attack) => {
    it('stays inside of its fence, as one note of one message', () => {
      const messages = promptOf({ items: [contextItem(1, attack), BENIGN] })
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
      expect(messages[0]?.content).toBe(SYSTEM)
      const { mark, inside } = insideFence(messages[1]?.content ?? '')
      expect(attack).not.toContain(mark)
      const unmarked = inside.filter((line) => line !== '' && !line.startsWith('> '))
      expect(unmarked).toEqual([
        '[1] 2026-05-08, user, chat "Pets":',
        '[2] 2026-05-08, user, chat "Pets":',
      ])
    })

    it('has no token of a template and nothing unseen, and keeps its words', () => {
      const [, message] = promptOf({ items: [contextItem(1, attack)] })
      const { inside } = insideFence(message?.content ?? '')
      expect(inside.join('\n')).not.toMatch(TOKENS)
      expect(inside.join('\n')).not.toMatch(UNSEEN)
      // The tags of "ASCII in tags" are letters that nobody sees; they are not among these.
      expect(lettersOf(inside.slice(2).join(''))).toBe(lettersOf(attack))
    })

    it('does nothing as the title of a chat', () => {
      const messages = promptOf({ items: [contextItem(1, 'He barks.', { chatTitle: attack })] })
      expect(messages).toHaveLength(2)
      const { inside } = insideFence(messages[1]?.content ?? '')
      expect(inside).toHaveLength(4)
      expect(inside[1]).toMatch(/^\[1\] 2026-05-08, user, chat "[^"]*":$/)
      expect(inside.join('\n')).not.toMatch(TOKENS)
      expect(inside.join('\n')).not.toMatch(UNSEEN)
      expect(inside[2]).toBe('> He barks.')
    })

    it('stays inside of its fence in front of a very small model', () => {
      const messages = promptOf({ items: [contextItem(1, attack), BENIGN] }, true)
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
      const { inside } = insideFence(messages[1]?.content ?? '')
      expect(inside.join('\n')).not.toMatch(TOKENS)
      const heads = inside.filter((line) => /^\[\d+\]/.test(line))
      expect(heads).toEqual(['[1] 2026-05-08, user:', '[2] 2026-05-08, user:'])
      const said = inside.slice(inside.indexOf(heads[0]!) + 1, inside.indexOf(heads[1]!) - 1)
      expect(said.slice(1).every((line) => line.startsWith('> '))).toBe(true)
    })
  })

  it('all at once stay inside of one fence', () => {
    const items = INJECTIONS.map(([, attack], at) => contextItem(at + 1, attack))
    const messages = promptOf({ items })
    const { inside } = insideFence(messages[1]?.content ?? '')
    const heads = inside.filter((line) => line !== '' && !line.startsWith('> '))
    // Two differ from others in punctuation alone: they need not be said twice.
    expect(heads).toHaveLength(48)
    const ranks = heads.map((line) => Number(/^\[(\d+)\] 2026-05-08, user/.exec(line)?.[1]))
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(new Set(ranks).size).toBe(48)
  })
})

describe('a fence', () => {
  it('has letters that no piece contains, even one that knows them', () => {
    const pieces = [`${BOUNDARY} ${BOUNDARY}-8`, 'nothing']
    const mark = unusedBoundary(BOUNDARY, pieces)
    expect(pieces.some((piece) => piece.includes(mark))).toBe(false)
    expect(unusedBoundary(BOUNDARY, ['nothing'])).toBe(BOUNDARY)
  })

  it.each([
    ['emoji of several parts', 'Семья 👨‍👩‍👧, сердце ❤️, клавиша 1️⃣, 👍🏽'],
    ['scripts with joiners', 'می‌خواهم क्‍ष'],
    ['code', 'if (a < b && c > d) { x[0] |= 1 << 2; y = "<br>" } // a || b'],
    ['tabs and a table', '| a | b |\n|---|---|\n|\t1 | 2 |'],
    ['combining letters', 'й и\u0306 ё é'],
  ])('leaves %s as it is', (_what, text) => {
    expect(quoted(text, false)).toBe(text.replace(/^/gm, '> '))
  })
})
