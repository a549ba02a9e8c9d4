import { answererOf } from './providers'
import { settingsIn, type ChatSettings, type Defaults, type Selection } from './settings'

import type { Store } from '@/db/store'
import type { Answerer } from '@/llm/answerer'
import type { Registry } from '@/llm/registry'

/** What holds in a chat, with the one who answers there. */
export type Effective = Defaults & { selection: Selection }

/** A chat's own settings over the defaults. */
export async function effectiveIn(store: Store, own: ChatSettings): Promise<Effective> {
  const [defaults, selection] = await Promise.all([
    store.settings.defaults(),
    own.selection ?? store.settings.selection(),
  ])
  return { ...settingsIn(defaults, own), selection }
}

/** Who answers in a chat with these settings of its own; quotations where that one is gone. */
export async function answererIn(
  store: Store,
  registry: Registry,
  own: ChatSettings,
): Promise<Answerer> {
  const { selection, generation } = await effectiveIn(store, own)
  return answererOf(store, registry, selection, generation)
}
