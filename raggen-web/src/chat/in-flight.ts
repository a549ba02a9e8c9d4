import { createAnswerLog, type AnswerLog, type ChatStream } from './answer-log'
import type { EndedBy } from './stream'

export type AnswersInFlight = {
  /** One request at a time in a chat: the next one sees what this one stored and began. */
  turn: <T>(chatId: string, work: () => Promise<T>) => Promise<T>
  /**
   * Writes an answer to its end, whoever listens. `write`'s signal aborts with an EndedBy when somebody
   * presses stop, the chat is deleted or the server stops. `onKept`: however it ended.
   */
  begin: (
    answer: { chatId: string; id: string },
    write: (signal: AbortSignal) => ChatStream,
    onKept?: () => void,
  ) => ChatStream
  /** The answer under way in this chat. */
  underWay: (chatId: string) => string | null
  /** Whether a question is being received, or an answer has yet to say its first word. */
  isAwaited: () => boolean
  /** How many are under way. */
  count: () => number
  /** Its stream from the beginning, null when there is none. */
  listen: (chatId: string) => ChatStream | null
  /** Resolves when what was ended in this chat has been kept: stop, then send, must not collide. */
  settled: (chatId: string) => Promise<void>
  /** Ends the answer under way in a chat, and resolves when it has been kept. */
  stop: (chatId: string) => Promise<void>
  /** Ends all, now and from now on, and resolves when each has been kept. */
  interruptAll: () => Promise<void>
}

type InFlight = {
  id: string
  controller: AbortController
  log: AnswerLog
  kept: Promise<void>
  hasBegun: () => boolean
}

/** Reads an answer's stream to its end, however it ends. */
async function record(stream: ChatStream, log: AnswerLog, onWords: () => void): Promise<void> {
  try {
    for await (const chunk of stream) {
      if (chunk.type === 'text-delta') onWords()
      log.append(chunk)
    }
  } finally {
    log.end()
  }
}

/** The answers that are being written by this process, one in a chat. */
export function createAnswersInFlight(): AnswersInFlight {
  const answers = new Map<string, InFlight>()
  const turns = new Map<string, Promise<unknown>>()
  let closing = false

  function end(answer: InFlight, by: EndedBy): Promise<void> {
    answer.controller.abort(by)
    return answer.kept
  }

  return {
    turn(chatId, work) {
      const mine = (turns.get(chatId) ?? Promise.resolve()).then(work)
      const done = mine.then(
        () => {},
        () => {}, // Whoever waits for `mine` hears of it.
      )
      turns.set(chatId, done)
      void done.then(() => turns.get(chatId) === done && turns.delete(chatId))
      return mine
    },

    begin({ chatId, id }, write, onKept) {
      const controller = new AbortController()
      if (closing) controller.abort('interrupted')
      const log = createAnswerLog()
      const done = () => {
        answers.delete(chatId)
        onKept?.()
      }
      let begun = false
      const onWords = () => (begun = true)
      const kept = record(write(controller.signal), log, onWords).then(done, done)
      answers.set(chatId, { id, controller, log, kept, hasBegun: () => begun })
      return log.read()
    },

    underWay: (chatId) => answers.get(chatId)?.id ?? null,

    isAwaited: () => turns.size > 0 || [...answers.values()].some(({ hasBegun }) => !hasBegun()),

    count: () => answers.size,

    listen: (chatId) => answers.get(chatId)?.log.read() ?? null,

    async settled(chatId) {
      const answer = answers.get(chatId)
      if (answer?.controller.signal.aborted) await answer.kept
    },

    async stop(chatId) {
      const answer = answers.get(chatId)
      if (answer) await end(answer, 'stopped')
    },

    async interruptAll() {
      closing = true
      await Promise.all([...answers.values()].map((answer) => end(answer, 'interrupted')))
    },
  }
}
