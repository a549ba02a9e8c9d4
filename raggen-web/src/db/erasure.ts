import type { Tx } from './database'
import type { Prisma } from './generated/client'
import type { SentMessage } from './receipts'

/** What stands where somebody's words were taken out. */
export const ERASED = '[deleted]'

/** How many receipts are looked through at a time: each may hold a model's whole window. */
const PAGE = 100

/** Puts `after` in the place of every `before` in what was sent for an answer. */
async function replaceInReceipt(
  tx: Tx,
  answerId: string,
  before: string,
  after: string,
): Promise<void> {
  const receipt = await tx.receipt.findUnique({ where: { answerId }, select: { messages: true } })
  if (!receipt) return
  const written = (text: string) => JSON.stringify(text).slice(1, -1)
  const messages = JSON.stringify(receipt.messages).replaceAll(written(before), () =>
    written(after),
  )
  await tx.receipt.update({
    where: { answerId },
    data: { messages: JSON.parse(messages) as object[] },
  })
}

/**
 * Takes recalled pieces out of the context lists and receipts of answers: the scores stay, the words go.
 *
 * @param where Which pieces: of which source, in whose answers.
 * @param gone The chat that the pieces came from is gone: nothing points there any more.
 */
export async function eraseRecalled(
  tx: Tx,
  where: Prisma.ContextItemWhereInput,
  { gone }: { gone: boolean },
): Promise<void> {
  for (const item of await tx.contextItem.findMany({ where })) {
    const { answerId, rank, promptText } = item
    if (promptText) await replaceInReceipt(tx, answerId, promptText, ERASED)
    await tx.contextItem.update({
      where: { answerId_rank: { answerId, rank } },
      data: {
        text: '',
        highlights: [],
        reasons: [],
        promptText: null,
        ...(gone && { sourceChatId: null }),
      },
    })
  }
}

/**
 * `content` without `text` where it is a turn of its own: all of it, or a part of it between blank
 * lines, as turns of one speaker are joined. A short word inside a sentence is not that turn.
 */
export function withoutTurn(content: string, text: string): string {
  if (content === text) return ERASED
  const joint = '\n\n'
  const kept = `${joint}${content}${joint}`.replaceAll(`${joint}${text}${joint}`, () => {
    return `${joint}${ERASED}${joint}`
  })
  return kept.slice(joint.length, -joint.length)
}

/**
 * Takes what was said, `text`, out of the receipts of its own chat's answers from place `seq` on: as
 * the question, and as a turn of the conversation.
 */
export async function eraseTurn(
  tx: Tx,
  { chatId, seq, text }: { chatId: string; seq: number; text: string },
): Promise<void> {
  let after = ''
  for (;;) {
    const receipts = await tx.receipt.findMany({
      where: { answerId: { gt: after }, answer: { chatId, seq: { gt: seq } } },
      orderBy: { answerId: 'asc' },
      select: { answerId: true, messages: true },
      take: PAGE,
    })
    for (const { answerId, messages } of receipts) {
      const sent = messages as SentMessage[]
      if (!sent.some(({ content }) => content.includes(text))) continue
      const erased = sent.map((message) => {
        return { ...message, content: withoutTurn(message.content, text) }
      })
      await tx.receipt.update({ where: { answerId }, data: { messages: erased } })
    }
    const last = receipts.at(-1)
    if (!last || receipts.length < PAGE) return
    after = last.answerId
  }
}

/** The chat's title in the line of facts above a piece, as src/chat/prompt.ts writes it. */
const TITLE = /^([^\n]*chat ")[^\n]*(")/

/** Takes a chat's title away, and out of the receipts of answers that were told where a piece came from. */
export async function eraseTitle(tx: Tx, chatId: string): Promise<void> {
  await tx.chat.update({ where: { id: chatId }, data: { title: '' } })
  const pieces = await tx.contextItem.findMany({
    where: { sourceChatId: chatId, promptText: { not: null } },
    select: { answerId: true, rank: true, promptText: true },
  })
  for (const { answerId, rank, promptText } of pieces) {
    const untitled = promptText?.replace(TITLE, `$1${ERASED}$2`) ?? null
    if (promptText === null || untitled === null || untitled === promptText) continue
    await replaceInReceipt(tx, answerId, promptText, untitled)
    await tx.contextItem.update({
      where: { answerId_rank: { answerId, rank } },
      data: { promptText: untitled },
    })
  }
}

/**
 * Takes out of a context list and receipt that were just written what was forgotten, or deleted with
 * its chat, while the answer was being prepared.
 */
export async function eraseForgotten(tx: Tx, answerId: string): Promise<void> {
  const items = await tx.contextItem.findMany({
    where: { answerId },
    select: { sourceMessageId: true },
  })
  const ids = items.map(({ sourceMessageId }) => sourceMessageId)
  const kept = await tx.message.findMany({
    where: { id: { in: ids }, memory: { not: 'forgotten' } },
    select: { id: true },
  })
  if (kept.length === new Set(ids).size) return
  const notIn = kept.map(({ id }) => id)
  await eraseRecalled(tx, { answerId, sourceMessageId: { notIn } }, { gone: false })
}
