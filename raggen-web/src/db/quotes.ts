import type { Tx } from './database'
import { ERASED } from './erasure'

/** As words are compared: markdown's backslashes away, any space as one. */
function plain(line: string): string {
  return line.replace(/\\(.)/gu, '$1').replace(/\s+/g, ' ').replace(/…$/, '').trim()
}

/** The chat in a line that says where a quotation is from, in either language. */
const CHAT = /(?<=[“«])[^“«]+(?=[”»])/gu

/**
 * An answer of quotations (see src/llm/quotations.ts) without the lines that quote `source`, and
 * without a chat's title that is the beginning of it.
 */
export function withoutQuotes(answer: string, source: string): string {
  const said = plain(source)
  return answer
    .split('\n')
    .map((line) => {
      if (!line.startsWith('> ')) {
        return line.replace(CHAT, (title) => (said.startsWith(plain(title)) ? ERASED : title))
      }
      const words = plain(line.slice(2))
      return words !== '' && said.includes(words) ? `> ${ERASED}` : line
    })
    .join('\n')
}

/** Takes what was said out of the answers that are made of quotations from its chat. */
export async function eraseQuotes(tx: Tx, { chatId, said }: { chatId: string; said: string }) {
  const quoting = await tx.message.findMany({
    where: {
      provider: 'quotations',
      context: { some: { sourceChatId: chatId, included: true } },
    },
    select: { id: true, text: true },
  })
  for (const { id, text } of quoting) {
    const kept = withoutQuotes(text, said)
    if (kept !== text) await tx.message.update({ where: { id }, data: { text: kept } })
  }
}
