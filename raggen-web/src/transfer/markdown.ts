import { createTranslator } from 'next-intl'

import en from '../../messages/en'
import ru from '../../messages/ru'

import type { ArchivedChat, ArchivedItem, ArchivedMessage } from '@/db/archived'
import { DATE_LOCALE, type Locale } from '@/i18n/locale'

const MESSAGES = { en, ru }
/** In code points: enough to know what it was. */
const MAX_QUOTE = 600

const translator = (locale: Locale) =>
  createTranslator({ locale, messages: MESSAGES[locale], namespace: 'transfer.markdown' })

type Written = {
  t: ReturnType<typeof translator>
  date: (at: Date) => string
  /** Titles of the chats that are still there. */
  titles: Map<string, string>
}

export type MarkdownOptions = {
  locale: Locale
  /** IANA's name, such as Europe/Moscow. */
  timeZone: string
  titles: Map<string, string>
}

/** From the first message to the last one of the branch that the chat shows. */
export function shownBranch({ messages, leafId }: ArchivedChat): ArchivedMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const branch: ArchivedMessage[] = []
  let at = leafId === null ? messages.at(-1) : byId.get(leafId)
  while (at) {
    branch.push(at)
    at = at.parentId === null ? undefined : byId.get(at.parentId)
  }
  return branch.reverse()
}

/** On one line, and nothing in it is markdown. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~$!&]/g, '\\$&')
}

function clipped(text: string): string {
  const points = Array.from(text)
  return points.length > MAX_QUOTE ? `${points.slice(0, MAX_QUOTE).join('')}…` : text
}

function itemLine(item: ArchivedItem, { t, date, titles }: Written): string {
  const title = item.sourceChatId === null ? undefined : titles.get(item.sourceChatId)
  const source = t(item.speaker === 'user' ? 'sourceUser' : 'sourceAssistant', {
    date: date(item.timestamp),
    place:
      title === undefined
        ? t('deletedChat')
        : t('inChat', { title: plain(title) || t('untitled') }),
  })
  const judged = [
    t(`relevance.${item.relevanceWord as 'high' | 'medium' | 'low'}`),
    t(item.included ? 'given' : 'notGiven'),
  ].join(', ')
  const words = item.text === '' ? t('erased') : `“${plain(clipped(item.text))}”`
  return `${item.rank}. ${words} – ${source} (${judged})`
}

/** What the answer stood on, and what was sent for it. */
function standing({ context, receipt }: ArchivedMessage, written: Written): string[] {
  if (!receipt) return []
  const { t } = written
  const memory =
    context.length > 0
      ? [t('stoodOn'), context.map((item) => itemLine(item, written)).join('\n')]
      : [
          t(
            `memory.${receipt.memoryState as 'used' | 'empty' | 'unavailable' | 'off' | 'nothing-relevant'}`,
          ),
        ]
  if (receipt.promptTokens === 0) return memory
  const parameters = Object.entries(receipt.parameters ?? {})
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(', ')
  const sent = t('sent', { tokens: receipt.promptTokens })
  return [
    ...memory,
    parameters === '' ? sent : `${sent} ${t('parameters')} \`${parameters.replaceAll('`', "'")}\``,
  ]
}

function messageBlocks(message: ArchivedMessage, written: Written): string[] {
  const { t, date } = written
  const { role, text, status, model, createdAt } = message
  const who = role === 'user' ? t('you') : t('answer')
  const heading = [who, ...(model === null ? [] : [plain(model)]), date(createdAt)].join(' · ')
  const ended =
    status === 'stopped' || status === 'interrupted' || status === 'failed'
      ? [t(`status.${status}`)]
      : []
  return [`## ${heading}`, ...(text === '' ? [] : [text]), ...ended, ...standing(message, written)]
}

/** The branch that a chat shows, to read: what was said, and under each answer what it stood on. */
export function chatMarkdown(chat: ArchivedChat, at: Date, options: MarkdownOptions): string {
  const { locale, timeZone, titles } = options
  const t = translator(locale)
  const dates = new Intl.DateTimeFormat(DATE_LOCALE[locale], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  })
  const written: Written = { t, titles, date: (moment) => dates.format(moment) }
  const branch = shownBranch(chat)
  const others = chat.messages.length - branch.length
  const blocks = [
    `# ${plain(chat.title) || t('untitled')}`,
    t('exported', { date: dates.format(at), timeZone }),
    ...(others > 0 ? [t('otherBranches', { count: others })] : []),
    ...branch.flatMap((message) => messageBlocks(message, written)),
  ]
  return `${blocks.join('\n\n')}\n`
}
