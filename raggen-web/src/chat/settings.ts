import { z } from 'zod'

import { Id } from './id'

/** How answers are written. null: what the model's server does by itself. */
export const GenerationSettings = z.object({
  temperature: z.number().min(0).max(2).nullable(),
  /** The longest answer, in tokens. */
  maxTokens: z.number().int().min(1).max(100_000).nullable(),
  /** Put after raggen's own instructions. */
  systemPrompt: z.string().max(20_000).nullable(),
})

/** Which chats an answer may recall. */
export const Scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('this-chat') }),
  z.object({ kind: z.literal('chats'), chatIds: z.array(Id).min(1).max(1000) }),
])

/** What answers may stand on. */
export const ContextSettings = z.object({
  enabled: z.boolean(),
  /** How many items an answer may stand on. */
  count: z.number().int().min(1).max(50),
  /** The least calibrated relevance, 0..1; null: raggen-embed's own threshold. */
  minRelevance: z.number().min(0).max(1).nullable(),
  scope: Scope,
  /** The share of the model's window that context may take, 0..1. */
  budgetShare: z.number().min(0.05).max(0.9),
  /** How much newer items gain, 0..1. */
  recency: z.number().min(0).max(1),
  /** Languages of the items; empty: all. */
  languages: z.array(z.enum(['ru', 'en'])).max(2),
  /** With nothing relevant, the model says so instead of guessing. */
  declineWithoutContext: z.boolean(),
  /** Show the prompt before it is sent. */
  preview: z.boolean(),
})

/** Who answers. */
export const Selection = z.object({
  providerId: z.string().min(1).max(100),
  model: z.string().min(1).max(300).nullable(),
})

export type GenerationSettings = z.infer<typeof GenerationSettings>
export type Scope = z.infer<typeof Scope>
export type ContextSettings = z.infer<typeof ContextSettings>
export type Selection = z.infer<typeof Selection>

/** What holds where a chat says nothing else. */
export type Defaults = { generation: GenerationSettings; context: ContextSettings }

/** What one chat sets otherwise; `selection` absent: whoever answers by default. */
export const ChatSettings = z.object({
  selection: Selection.optional(),
  generation: GenerationSettings.partial().default({}),
  context: ContextSettings.partial().default({}),
})
export type ChatSettings = z.infer<typeof ChatSettings>

export const DEFAULTS: Defaults = {
  generation: { temperature: null, maxTokens: null, systemPrompt: null },
  context: {
    enabled: true,
    count: 8,
    minRelevance: null,
    scope: { kind: 'all' },
    budgetShare: 0.5,
    recency: 0,
    languages: [],
    declineWithoutContext: false,
    preview: false,
  },
}

/** What holds in a chat: its own settings over the defaults. */
export function settingsIn(defaults: Defaults, own: ChatSettings): Defaults {
  return {
    generation: { ...defaults.generation, ...own.generation },
    context: { ...defaults.context, ...own.context },
  }
}
