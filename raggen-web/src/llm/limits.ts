import type { ModelLimits } from './answerer'

import type { GenerationSettings } from '@/chat/settings'

/** A provider that sends nothing for so long has failed. */
export const SILENCE_MS = 30_000

/** What a server is taken to read when nobody says: the servers people run at home begin there. */
export const UNKNOWN_WINDOW_TOKENS = 8192

/** Kept for the answer when nobody says how long it may be. */
const ANSWER_TOKENS = 1024

/** As many pieces of memory as settings may ask for: the window decides. */
const MAX_ITEMS = 50

/** The window of a model, divided: however long an answer may be, half of it stays for the prompt. */
export function limitsFor(
  windowTokens: number,
  generation: GenerationSettings,
  silenceMs: number,
): ModelLimits {
  const wanted = generation.maxTokens ?? ANSWER_TOKENS
  const answerTokens = Math.min(wanted, Math.floor(windowTokens / 2))
  const promptTokens = windowTokens - answerTokens
  return {
    windowTokens,
    answerTokens,
    promptTokens,
    contextItems: MAX_ITEMS,
    silenceMs,
    brief: false,
  }
}
