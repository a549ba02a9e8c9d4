import { settingsIn, type ChatSettings, type Defaults, type Selection } from './settings'

import type { Store } from '@/db/store'

/** What holds in a chat, with the one who answers there. */
export type Effective = Defaults & { selection: Selection }

/** A chat's own settings over the defaults. */
export async function effectiveIn(store: Store, own: ChatSettings): Promise<Effective> {
  const { selection, ...defaults } = await store.settings.all()
  return { ...settingsIn(defaults, own), selection: own.selection ?? selection }
}
