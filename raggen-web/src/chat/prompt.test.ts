import { describe, expect, it } from 'vitest'

import { contextItem as item } from '../../test/context-item'

import { buildPrompt, ownHistory, type PromptInput, type Turn } from './prompt'
import { estimateTokens } from './tokens'

const limits = {
  windowTokens: 3000,
  answerTokens: 1000,
  promptTokens: 2000,
  contextItems: 8,
  brief: false,
}

const GIVEN: PromptInput = {
  question: 'What is my dog afraid of?',
  history: [],
  items: [],
  limits,
  boundary: 'b0undary',
  systemPrompt: null,
  decline: false,
  count: 8,
  budgetShare: 0.5,
}

function build(input: Partial<PromptInput>) {
  return buildPrompt({ ...GIVEN, ...input })
}

describe('buildPrompt', () => {
  it('is instructions and the question alone when memory holds nothing', () => {
    const { messages } = build({})
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(messages[1]?.content).toBe('What is my dog afraid of?')
  })

  it('numbers the pieces by rank, each with date, speaker and chat, behind marks, before the question', () => {
    const text = 'Арчи боится грозы.\n\n  «и салютов» 🐕'
    const { messages, items } = build({ items: [item(1, text), item(2, 'He sleeps a lot.')] })
    expect(messages[1]?.content).toBe(
      `<<memory b0undary>>\n\n[1] 2026-05-08, user, chat "Pets":\n> Арчи боится грозы.\n> \n>   «и салютов» 🐕\n\n` +
        '[2] 2026-05-08, user, chat "Pets":\n> He sleeps a lot.\n\n' +
        '<<end of memory b0undary>>\n\nWhat is my dog afraid of?',
    )
    expect(items.map(({ included }) => included)).toEqual([true, true])
  })

  it('marks as not included what does not fit, and still takes a shorter one after it', () => {
    const { items, tokens } = build({ items: [item(1, 'слово '.repeat(2000)), item(2, 'Short.')] })
    expect(items).toMatchObject([
      { rank: 1, included: false, omitted: 'budget', promptText: null },
      { rank: 2, included: true, omitted: null },
    ])
    expect(tokens).toBeLessThanOrEqual(limits.promptTokens)
  })

  it('takes no more pieces than the model is good for', () => {
    const { items } = build({
      items: [item(1, 'One.'), item(2, 'Two.'), item(3, 'Three.')],
      limits: { ...limits, contextItems: 2 },
    })
    expect(items.map(({ omitted }) => omitted)).toEqual([null, null, 'limit'])
  })

  it('gives a very small model statements alone, without chat titles', () => {
    const question = item(1, 'What is he afraid of?', { highlights: [] })
    const { messages, items } = build({
      items: [question, item(2, 'He is afraid of thunder.')],
      limits: { ...limits, brief: true },
    })
    expect(items.map(({ included }) => included)).toEqual([false, true])
    expect(messages[1]?.content).toContain('[2] 2026-05-08, user:\nHe is afraid of thunder.')
  })

  it('never cuts the question', () => {
    const question = 'why '.repeat(10_000)
    expect(build({ question, items: [item(1, 'One.')] }).messages.at(-1)?.content).toBe(question)
  })

  it('puts the person’s instructions after its own, and none when they are empty', () => {
    const [alone] = build({}).messages
    const [system] = build({ systemPrompt: ' Answer in rhymes. ' }).messages
    expect(system?.content).toBe(`${alone?.content}\n\nAnswer in rhymes.`)
    expect(build({ systemPrompt: '  ' }).messages[0]).toEqual(alone)
  })

  it('tells the model to decline where that was chosen, more firmly with nothing to stand on', () => {
    const items = [item(1, 'He is afraid of thunder.')]
    const system = (input: Partial<PromptInput>) => build(input).messages[0]?.content
    expect(system({ items })).not.toContain('do not guess')
    expect(system({})).not.toContain('holds nothing relevant')
    expect(system({ items, decline: true })).toContain('from the notes and this conversation alone')
    expect(system({ items, decline: true })).not.toContain('holds nothing relevant')
    expect(system({ decline: true })).toContain('Memory was searched and holds nothing relevant')
    const notFitting = [item(1, 'слово '.repeat(2000))]
    expect(system({ items: notFitting, decline: true })).toContain('holds nothing relevant')
  })

  it('counts its parts, and their sum is no less than what is sent', () => {
    const history: Turn[] = [
      { id: '1', role: 'user', text: 'Tell me about dogs.' },
      { id: '2', role: 'assistant', text: 'They bark.' },
    ]
    const { parts, tokens, messages } = build({ history, items: [item(1, 'Archie barks.')] })
    expect(parts.history).toBe(
      estimateTokens('Tell me about dogs.') + estimateTokens('They bark.') + 12,
    )
    expect(parts.question).toBe(estimateTokens(GIVEN.question) + 6)
    expect(tokens).toBe(parts.instructions + parts.context + parts.history + parts.question)
    const sent = messages.reduce((sum, { content }) => sum + estimateTokens(content) + 6, 0)
    expect(tokens).toBeGreaterThanOrEqual(sent)
    expect(build({}).parts).toMatchObject({ context: 0, history: 0 })
  })

  it('counts as the tokenizer does where there is one', () => {
    const counting = { by: 'tokenizer' as const, count: (text: string) => text.length }
    const long = item(1, 'x'.repeat(1500))
    expect(build({ items: [long] }).items[0]?.omitted).toBeNull()
    const { items, parts } = build({ items: [long], counting })
    expect(items[0]?.omitted).toBe('budget')
    expect(parts.question).toBe(GIVEN.question.length + 6)
  })

  it('leaves out what came as left out', () => {
    const { items } = build({ items: [item(1, 'One.', { omitted: 'similar' }), item(2, 'Two.')] })
    expect(items.map(({ omitted }) => omitted)).toEqual(['similar', null])
  })

  it('gives no model two turns of one speaker in a row', () => {
    const history: Turn[] = [
      { id: '1', role: 'user', text: 'One.' },
      { id: '2', role: 'user', text: 'Two.' },
      { id: '3', role: 'assistant', text: 'Three.' },
      { id: '4', role: 'user', text: 'Four.' },
    ]
    const { messages } = build({ history })
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(messages[1]?.content).toBe('One.\n\nTwo.')
    expect(messages[3]?.content).toBe('Four.\n\nWhat is my dog afraid of?')
  })
})

describe('history', () => {
  const turns = Array.from({ length: 40 }, (_, index): Turn => ({
    id: String(index),
    role: index % 2 === 0 ? 'user' : 'assistant',
    text: `Turn ${index}: ${'слово '.repeat(20)}`,
  }))

  it('has the latest turns, in order, a question first, and says what it left out', () => {
    const { messages, leftOut, parts } = build({ history: turns })
    const kept = messages.slice(1, -1).map(({ content }) => content)
    expect(kept.length).toBeGreaterThan(2)
    expect(kept).toEqual(turns.slice(-kept.length).map(({ text }) => text))
    expect(messages[1]?.role).toBe('user')
    expect(leftOut?.turns).toBe(40 - kept.length)
    expect(leftOut?.tokens).toBeGreaterThan(0)
    expect(parts.history).toBeLessThanOrEqual(limits.promptTokens)
    expect(build({ history: turns.slice(-2) }).leftOut).toBeNull()
  })

  it('counts turns that were too far back to be read as it counts the others', () => {
    const history = turns.slice(-2)
    const { parts, leftOut } = build({ history, older: 10 })
    expect(leftOut).toEqual({ turns: 10, tokens: parts.history * 5 })
    const cut = build({ history: turns })
    const far = build({ history: turns, older: 10 })
    expect(far.leftOut?.turns).toBe((cut.leftOut?.turns ?? 0) + 10)
    expect(build({ older: 3 }).leftOut).toEqual({ turns: 3, tokens: 0 })
  })

  it('has at least its own share, and more where memory needs less', () => {
    const own = ownHistory({ ...GIVEN, history: turns })
    const alone = build({ history: turns }).messages.length - 2
    const crowded = build({
      history: turns,
      items: Array.from({ length: 8 }, (_, at) => item(at + 1, `${at} ${'память '.repeat(60)}`)),
    })
    expect(own.length).toBeGreaterThan(2)
    expect(own.length).toBeLessThan(alone)
    expect(crowded.messages.length - 2).toBeGreaterThanOrEqual(own.length)
    expect(crowded.messages.length - 2).toBeLessThan(alone)
    expect(crowded.items.some(({ included }) => included)).toBe(true)
  })

  it('leaves out answers without words', () => {
    const silent: Turn = { id: 'x', role: 'assistant', text: ' ' }
    const { messages } = build({ history: [...turns.slice(0, 1), silent] })
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user'])
  })
})
