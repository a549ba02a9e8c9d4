import { createUIMessageStream } from 'ai'

import type { ChatStream } from './answer-log'
import { metadataOf } from './history'
import type { ChatMessage } from './message'

import type { PlacedMessage } from '@/db/messages'
import type { Store } from '@/db/store'

/** An answer that exists already, as a stream: for a browser that asks again because it lost the first. */
export async function replay(store: Store, answer: PlacedMessage): Promise<ChatStream> {
  const memory = (await store.receipts.memories({ answerId: answer.id })).get(answer.id)
  const messageMetadata = metadataOf(answer)
  return createUIMessageStream<ChatMessage>({
    execute: ({ writer }) => {
      writer.write({ type: 'start', messageId: answer.id, messageMetadata })
      if (memory) writer.write({ type: 'data-memory', id: 'memory', data: memory })
      if (answer.text !== '') {
        writer.write({ type: 'text-start', id: 'text' })
        writer.write({ type: 'text-delta', id: 'text', delta: answer.text })
        writer.write({ type: 'text-end', id: 'text' })
      }
      writer.write({ type: 'finish', messageMetadata })
    },
  })
}
