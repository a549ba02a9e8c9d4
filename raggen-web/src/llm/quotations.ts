import { createTranslator } from 'next-intl'

import en from '../../messages/en'
import ru from '../../messages/ru'

import type { AnswerStream, Quotations } from './answerer'

import type { ContextItem, MemoryState } from '@/chat/message'
import { DATE_LOCALE, type Locale } from '@/i18n/locale'

const MESSAGES = { en, ru }
const MAX_QUOTED = 5
/** An item far less relevant than the best one is context, not an answer. */
const WORTH_QUOTING = 0.4

/** In code points. A text without full stops is one sentence, however long. */
const MAX_QUOTE = 1_000
/** Lines of the list that a quoted sentence announces. */
const MAX_LIST_LINES = 12

/** `used`: items were found, but none has a sentence to quote. */
const WHY_NOTHING = {
  used: 'nothingToQuote',
  'nothing-relevant': 'nothingRelevant',
  empty: 'empty',
  unavailable: 'unavailable',
  off: 'off',
} as const satisfies Record<MemoryState, string>

/** The best items that have a sentence to quote. What was said twice is quoted once. */
function chooseQuoted(items: ContextItem[]): ContextItem[] {
  const best = Math.max(0, ...items.map(({ relevance }) => relevance))
  const quoted = new Set<string>()
  return items.map((item) => {
    const passage = bestPassage(item).toLowerCase()
    const worth = item.relevance >= best * WORTH_QUOTING && passage !== '' && !quoted.has(passage)
    const included = worth && quoted.size < MAX_QUOTED
    if (included) quoted.add(passage)
    return { ...item, included }
  })
}

/** A sentence from memory is data: no markdown, link or image of its own. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>#|~$!&]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/gm, '$1\\$2')
}

/** The best sentence; with the list that it announces: "For the party:" alone answers nothing. */
function bestPassage(item: ContextItem): string {
  const [best] = item.highlights
  if (!best) return ''
  // Highlights count code points, JavaScript counts UTF-16 units.
  const points = [...item.text]
  const sentence = points.slice(best.start, best.end).join('').trim()
  if (!sentence.endsWith(':')) return sentence
  const [list = ''] = points
    .slice(best.end)
    .join('')
    .trimStart()
    .split(/\n\s*\n/)
  const lines = list.split('\n')
  const more = lines.length > MAX_LIST_LINES ? '\n…' : ''
  return `${sentence}\n${lines.slice(0, MAX_LIST_LINES).join('\n')}${more}`.trim()
}

function clipped(text: string): string {
  const points = [...text]
  return points.length > MAX_QUOTE ? `${points.slice(0, MAX_QUOTE).join('')}…` : text
}

/** Two spaces end a line of markdown where the text ends one. */
function quote(item: ContextItem): string {
  return clipped(bestPassage(item))
    .split(/\s*\n\s*/)
    .map((line) => `> ${escapeMarkdown(line)}`)
    .join('  \n')
}

/** The answer as markdown: quotes with their sources, or why there are none. */
export function quotationsText(
  memory: { state: MemoryState; items: ContextItem[] },
  locale: Locale,
): string {
  const t = createTranslator({ locale, messages: MESSAGES[locale], namespace: 'quotations' })
  const quoted = memory.items.filter(({ included }) => included)
  if (quoted.length === 0) {
    return `${t(WHY_NOTHING[memory.state])}\n\n${t('connect')}`
  }
  const dates = new Intl.DateTimeFormat(DATE_LOCALE[locale], { dateStyle: 'long' })
  const blocks = quoted.map((item) => {
    const source = t(item.speaker === 'user' ? 'source.user' : 'source.assistant', {
      date: dates.format(new Date(item.timestamp)),
      chat: escapeMarkdown(item.chatTitle ?? ''),
      number: item.rank,
    })
    return `${quote(item)}\n\n${source}`
  })
  return [t('intro', { count: quoted.length }), ...blocks].join('\n\n')
}

async function* streamText(text: string, signal: AbortSignal): AnswerStream {
  for (const piece of text.match(/\S+\s*/g) ?? []) {
    if (signal.aborted) break
    yield piece
  }
  return { errorCode: null }
}

/** Answers with the sentences of memory that answer the question, each with its source. Never invents. */
export function quotations(): Quotations {
  return {
    kind: 'quotations',
    providerId: 'quotations',
    model: null,
    limits: { silenceMs: 30_000 },
    choose: chooseQuoted,
    stream: (memory, locale, signal) => streamText(quotationsText(memory, locale), signal),
  }
}
