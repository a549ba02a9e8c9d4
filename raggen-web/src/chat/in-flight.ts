import type { EndedBy } from './stream'

export type AnswersInFlight = {
  /** Registers an answer. Its signal aborts when the browser leaves, the chat is deleted or the server stops. */
  begin: (chatId: string, request: AbortSignal) => { signal: AbortSignal; done: () => void }
  /** Ends the answers of a chat that is being deleted. */
  stop: (chatId: string) => void
  /** Resolves when what was ended in this chat has been kept: stop, then send, must not collide. */
  settled: (chatId: string) => Promise<void>
  /** Ends all, and resolves when each has been kept. */
  interruptAll: () => Promise<void>
}

type InFlight = { chatId: string; controller: AbortController; kept: Promise<void> }

/** The answers that are being written by this process. */
export function createAnswersInFlight(): AnswersInFlight {
  const answers = new Set<InFlight>()
  const end = (controller: AbortController, by: EndedBy) => controller.abort(by)

  return {
    begin(chatId, request) {
      const controller = new AbortController()
      const onLeave = () => end(controller, 'stopped')
      request.addEventListener('abort', onLeave)
      if (request.aborted) onLeave()
      const { promise: kept, resolve } = Promise.withResolvers<void>()
      const answer = { chatId, controller, kept }
      answers.add(answer)
      return {
        signal: controller.signal,
        done() {
          request.removeEventListener('abort', onLeave)
          answers.delete(answer)
          resolve()
        },
      }
    },

    stop(chatId) {
      for (const answer of answers) if (answer.chatId === chatId) end(answer.controller, 'stopped')
    },

    async settled(chatId) {
      const ending = [...answers].filter(
        (answer) => answer.chatId === chatId && answer.controller.signal.aborted,
      )
      await Promise.all(ending.map(({ kept }) => kept))
    },

    async interruptAll() {
      const ending = [...answers]
      for (const { controller } of ending) end(controller, 'interrupted')
      await Promise.all(ending.map(({ kept }) => kept))
    },
  }
}
