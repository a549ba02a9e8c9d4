import type { InferUIMessageChunk } from 'ai'

import type { ChatMessage } from './message'

export type AnswerChunk = InferUIMessageChunk<ChatMessage>
export type ChatStream = ReadableStream<AnswerChunk>

/** What has been sent of an answer, for whoever comes later; pieces of text that follow each other are one. */
export type AnswerLog = {
  append: (chunk: AnswerChunk) => void
  end: () => void
  /** All from the beginning, then what comes. Leaving it changes nothing for the others. */
  read: () => ChatStream
}

/** Where a reader stands: before this chunk and, of a piece of text, after so many of its characters. */
type Position = { index: number; offset: number }

/** What is new since `position`, which moves on; null: nothing yet. */
function next(chunks: AnswerChunk[], position: Position): AnswerChunk | null {
  for (;;) {
    const chunk = chunks[position.index]
    if (!chunk) return null
    if (chunk.type !== 'text-delta') {
      position.index += 1
      return chunk
    }
    const delta = chunk.delta.slice(position.offset)
    if (delta !== '') {
      position.offset += delta.length
      return { ...chunk, delta }
    }
    if (position.index === chunks.length - 1) return null // It may still grow.
    position.index += 1
    position.offset = 0
  }
}

/** A log of one answer. A reader that reads slowly holds a place in it and no copy. */
export function createAnswerLog(): AnswerLog {
  const chunks: AnswerChunk[] = []
  let ended = false
  let waiting: (() => void)[] = []

  function rouse() {
    const roused = waiting
    waiting = []
    for (const resume of roused) resume()
  }

  return {
    append(chunk) {
      const last = chunks.at(-1)
      if (chunk.type === 'text-delta' && last?.type === 'text-delta' && last.id === chunk.id) {
        last.delta += chunk.delta
      } else {
        chunks.push({ ...chunk })
      }
      rouse()
    },

    end() {
      ended = true
      rouse()
    },

    read() {
      const position = { index: 0, offset: 0 }
      let left = false
      return new ReadableStream<AnswerChunk>(
        {
          async pull(controller) {
            while (!left) {
              const chunk = next(chunks, position)
              if (chunk) return controller.enqueue(chunk)
              if (ended) return controller.close()
              await new Promise<void>((resolve) => waiting.push(resolve))
            }
          },
          cancel() {
            left = true
            rouse()
          },
        },
        { highWaterMark: 0 },
      )
    },
  }
}
