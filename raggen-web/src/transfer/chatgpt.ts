import { createHash } from 'node:crypto'

import { z } from 'zod'

import { Id } from '@/chat/id'

const Node = z.object({
  id: z.string(),
  parent: z.string().nullish(),
  message: z
    .object({
      author: z.object({ role: z.string() }),
      create_time: z.number().nullish(),
      content: z.object({ content_type: z.string(), parts: z.array(z.unknown()).nullish() }),
      metadata: z.object({ model_slug: z.string().min(1).max(300).nullish() }).nullish(),
    })
    .nullish()
    .catch(null),
})
type Node = z.infer<typeof Node>

/** One conversation of ChatGPT's `conversations.json`, as far as it is said in words. */
const Conversation = z.object({
  id: z.string().optional(),
  conversation_id: z.string().optional(),
  title: z.string().nullish(),
  create_time: z.number(),
  update_time: z.number().nullish(),
  current_node: z.string().nullish(),
  mapping: z.record(z.string(), Node),
})
type Conversation = z.infer<typeof Conversation>

type Said = {
  node: string
  parent: string | null
  role: 'user' | 'assistant'
  text: string
  /** Seconds since 1970, never before what it follows. */
  time: number
  model: string | null
}

const SESSION_GAP_S = 30 * 60
const LATEST = Date.UTC(9999, 0, 1) / 1000

/** Whether an element of a file looks like ChatGPT's and not like raggen's. */
export function isConversation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'mapping' in value
}

const textOf = ({ message }: Node) =>
  ['text', 'multimodal_text'].includes(message?.content.content_type ?? '')
    ? (message?.content.parts ?? [])
        .filter((part) => typeof part === 'string')
        .join('\n')
        .trim()
    : ''

/** What was said, each after what it follows; what is not said in words (tools, pictures) is passed over. */
function saidIn({ mapping, create_time: begun }: Conversation): Map<string, Said> {
  const children = Map.groupBy(Object.values(mapping), ({ parent }) => parent ?? null)
  const roots = Object.values(mapping).filter(({ parent }) => !parent || !(parent in mapping))
  const said = new Map<string, Said>()
  // What stands for a node: itself, or what was said last before it.
  const stands = new Map<string, string | null>(roots.map(({ id }) => [id, null]))
  const waiting = [...roots]
  const seen = new Set<string>()
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node.id)) continue
    seen.add(node.id)
    const parent = stands.get(node.id) ?? null
    const role = node.message?.author.role
    const text = textOf(node)
    const own = (role === 'user' || role === 'assistant') && text !== ''
    if (own) {
      const earliest = (parent !== null && said.get(parent)?.time) || begun
      const time = Math.min(LATEST, Math.max(earliest, node.message?.create_time ?? earliest))
      const model = node.message?.metadata?.model_slug ?? null
      said.set(node.id, { node: node.id, parent, role, text, time, model })
    }
    for (const child of children.get(node.id) ?? []) {
      stands.set(child.id, own ? node.id : parent)
      waiting.push(child)
    }
  }
  return new Map([...said].toSorted(([, a], [, b]) => a.time - b.time))
}

/** Ids that raggen can keep are kept; others are made of them, so that a second import makes the same. */
function idOf(chat: string, node: string): string {
  if (Id.safeParse(node).success) return node
  return createHash('sha256').update(`${chat}\n${node}`).digest('hex').slice(0, 32)
}

const moment = (seconds: number) => new Date(seconds * 1000).toISOString()

function lastSaid({ mapping }: Conversation, said: Map<string, Said>, from: string | null) {
  const seen = new Set<string>()
  for (let at = from; at !== null && !seen.has(at); at = mapping[at]?.parent ?? null) {
    if (said.has(at)) return at
    seen.add(at)
  }
  return null
}

/**
 * A conversation of ChatGPT as a chat of raggen's file (src/transfer/format.ts), or what was given when
 * it is none. All of its branches come along.
 */
export function chatOfConversation(value: unknown): unknown {
  const parsed = Conversation.safeParse(value)
  if (!parsed.success) return value
  const conversation = parsed.data
  const written =
    conversation.conversation_id ?? conversation.id ?? JSON.stringify(conversation.title)
  const chatId = idOf('chat', written)
  const said = saidIn(conversation)
  const id = (node: string | null) => (node === null ? null : idOf(written, node))
  const leaf = lastSaid(conversation, said, conversation.current_node ?? null)
  let [session, before] = [1, conversation.create_time]
  const messages = [...said.values()].map(({ node, parent, role, text, time, model }, index) => {
    if (time - before > SESSION_GAP_S) session += 1
    before = time
    return {
      id: id(node),
      parentId: id(parent),
      replyToId:
        role === 'assistant' && parent && said.get(parent)?.role === 'user' ? id(parent) : null,
      seq: index + 1,
      session,
      role,
      text,
      status: 'complete',
      errorCode: null,
      provider: null,
      model: role === 'assistant' ? model : null,
      indexable: true,
      createdAt: moment(time),
      updatedAt: moment(time),
    }
  })
  return {
    id: chatId,
    title: conversation.title ?? '',
    titledBy: 'model',
    createdAt: moment(conversation.create_time),
    updatedAt: moment(conversation.update_time ?? before),
    leafId: id(leaf) ?? messages.at(-1)?.id ?? null,
    messages,
  }
}
