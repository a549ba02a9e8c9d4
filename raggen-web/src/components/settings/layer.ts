import {
  DEFAULTS,
  settingsIn,
  type ChatSettings,
  type ContextSettings,
  type Defaults,
  type GenerationSettings,
} from '@/chat/settings'

type ContextKey = keyof ContextSettings
type GenerationKey = keyof GenerationSettings

/**
 * One layer of settings over another, as the fields edit it: raggen's own values under the
 * person's defaults, or those under what one chat sets.
 */
export type Layer = {
  /** What holds. */
  values: Defaults
  /** What would hold without this layer. */
  below: Defaults
  isContextSet: (key: ContextKey) => boolean
  isGenerationSet: (key: GenerationKey) => boolean
  setContext: (changes: Partial<ContextSettings>) => void
  setGeneration: (changes: Partial<GenerationSettings>) => void
  resetContext: (key: ContextKey) => void
  resetGeneration: (key: GenerationKey) => void
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The person's defaults over raggen's own values. */
export function defaultsLayer(defaults: Defaults, change: (next: Defaults) => void): Layer {
  const setContext = (changes: Partial<ContextSettings>) =>
    change({ ...defaults, context: { ...defaults.context, ...changes } })
  const setGeneration = (changes: Partial<GenerationSettings>) =>
    change({ ...defaults, generation: { ...defaults.generation, ...changes } })
  return {
    values: defaults,
    below: DEFAULTS,
    isContextSet: (key) => !same(defaults.context[key], DEFAULTS.context[key]),
    isGenerationSet: (key) => !same(defaults.generation[key], DEFAULTS.generation[key]),
    setContext,
    setGeneration,
    resetContext: (key) => setContext({ [key]: DEFAULTS.context[key] }),
    resetGeneration: (key) => setGeneration({ [key]: DEFAULTS.generation[key] }),
  }
}

/** `of` without `key`; what it was made from stays as it is. */
function without<T extends object>(of: T, key: keyof T): T {
  const rest = { ...of }
  delete rest[key]
  return rest
}

/** What one chat sets itself over the person's defaults. */
export function chatLayer(
  own: ChatSettings,
  defaults: Defaults,
  change: (next: ChatSettings) => void,
): Layer {
  return {
    values: settingsIn(defaults, own),
    below: defaults,
    isContextSet: (key) => own.context[key] !== undefined,
    isGenerationSet: (key) => own.generation[key] !== undefined,
    setContext: (changes) => change({ ...own, context: { ...own.context, ...changes } }),
    setGeneration: (changes) => change({ ...own, generation: { ...own.generation, ...changes } }),
    resetContext: (key) => change({ ...own, context: without(own.context, key) }),
    resetGeneration: (key) => change({ ...own, generation: without(own.generation, key) }),
  }
}

/** How many settings a chat sets itself. */
export function countOwn(own: ChatSettings): number {
  return Object.keys(own.context).length + Object.keys(own.generation).length
}
