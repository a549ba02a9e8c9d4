import { randomUUID } from 'node:crypto'

import { compose, memoryOf, type Composed } from './compose'
import { chosenIn } from './effective'
import type { Memory } from './message'
import { checkedText } from './receive'
import type { RetrieveDeps } from './retrieve'
import { ChatSettings } from './settings'

import { NotFound } from '@/errors'
import type { Registry } from '@/llm/registry'

export type PreviewDeps = RetrieveDeps & { registry: Registry }

export type PreviewRequest = {
  chatId: string
  text: string
  /** What the question would follow; null: nothing; undefined: the end of the branch that is shown. */
  parentId?: string | null
  /** Instead of the chat's own. */
  settings?: ChatSettings
  context: 'fresh' | 'none'
  requestId: string
  signal: AbortSignal
}

export type Preview = Pick<Composed, 'messages' | 'parts' | 'leftOut' | 'tokens'> & {
  provider: string
  model: string | null
  parameters: Record<string, string | number | boolean>
  memory: Memory
}

/**
 * What would be sent, by the same steps that send it: nothing is stored, no model is asked. The letters
 * that mark memory's beginning and end are drawn anew for each prompt, and will be others.
 *
 * @throws InvalidRequest text_empty; TooLarge text_too_long; NotFound message_not_found, provider_unknown.
 */
export async function preview(deps: PreviewDeps, request: PreviewRequest): Promise<Preview> {
  const { store, registry } = deps
  const { chatId, context, requestId, signal } = request
  const text = checkedText(request.text)
  const chat = await store.chats.find(chatId)
  const parentId = request.parentId === undefined ? (chat?.leafId ?? null) : request.parentId
  if (parentId !== null && (await store.messages.find(parentId))?.chatId !== chatId) {
    throw new NotFound('message_not_found', 'no such parent')
  }
  const own = request.settings ?? chat?.settings ?? ChatSettings.parse({})
  const { answerer, settings } = await chosenIn(store, registry, own)
  const composed = await compose(deps, {
    chatId,
    question: { id: randomUUID(), text },
    ...(await store.messages.before({ chatId, parentId })),
    settings,
    context: { kind: context },
    answerer,
    requestId,
    signal,
  })
  const { messages, parts, leftOut, tokens } = composed
  return {
    provider: answerer.providerId,
    model: answerer.model,
    parameters: answerer.kind === 'model' ? answerer.parameters : {},
    messages,
    parts,
    leftOut,
    tokens,
    memory: memoryOf(composed),
  }
}
