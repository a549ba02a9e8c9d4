import { answererOf, findAnswerer } from './providers'
import { settingsIn, type ChatSettings, type Defaults, type Selection } from './settings'

import type { Store } from '@/db/store'
import { NotFound } from '@/errors'
import type { Answerer } from '@/llm/answerer'
import type { Registry } from '@/llm/registry'

/** What holds in a chat, with the one who answers there. */
export type Effective = Defaults & { selection: Selection }

/** A chat's own settings over the defaults. */
export async function effectiveIn(store: Store, own: ChatSettings): Promise<Effective> {
  const { selection, ...defaults } = await store.settings.all()
  return { ...settingsIn(defaults, own), selection: own.selection ?? selection }
}

/** Who answers in a chat, and how. */
export type Chosen = { answerer: Answerer; settings: Defaults }

/**
 * What a chat with these settings of its own, or else the default, chose.
 *
 * @throws NotFound provider_unknown: the chat chose somebody who is gone. Nobody takes over unasked:
 * what is said there might go where its person would not send it.
 */
export async function chosenIn(
  store: Store,
  registry: Registry,
  own: ChatSettings,
): Promise<Chosen> {
  const { selection, ...settings } = await effectiveIn(store, own)
  const find = own.selection === undefined ? answererOf : findAnswerer
  const answerer = await find(store, registry, selection, settings.generation)
  if (!answerer) throw new NotFound('provider_unknown', 'the one whom this chat chose is gone')
  return { answerer, settings }
}
