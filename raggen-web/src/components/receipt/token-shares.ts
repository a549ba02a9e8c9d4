import type { PromptParts } from '@/components/api/wire'

/** In the order in which they stand in a prompt. */
export const PARTS = ['instructions', 'context', 'history', 'question'] as const

/** So that a part that is there can be seen. */
const LEAST_PERCENT = 0.6

/**
 * What the parts take of the window (of each other, where it is not known). `percentOf` is for a bar:
 * a part that is there is never thinner than can be seen.
 */
export function sharesOf(parts: PromptParts, windowTokens: number | null) {
  const total = PARTS.reduce((sum, part) => sum + parts[part], 0)
  const whole = Math.max(windowTokens ?? total, total, 1)
  return {
    total,
    percentOf: (tokens: number) =>
      tokens === 0 ? 0 : Math.max(LEAST_PERCENT, (100 * tokens) / whole),
  }
}
