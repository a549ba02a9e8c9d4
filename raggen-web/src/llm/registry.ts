import type { Answerer } from './answerer'
import { LOCAL_MODEL, localModel } from './local'
import { openAiCompatible } from './openai'
import { quotations } from './quotations'

import type { GenerationSettings } from '@/chat/settings'

/** A connected server with its key, as src/db keeps it. */
export type Server = { id: string; baseUrl: string; apiKey: string | null }

export type Registry = {
  /** Ids that are not rows: always there. */
  builtIn: { id: 'quotations' | 'local'; models: string[]; available: boolean }[]
  /** null: neither built in nor a row; the provider was removed. */
  resolve: (
    selection: { providerId: string; model: string | null },
    server: Server | null,
    generation: GenerationSettings,
  ) => Answerer | null
}

/** Who can answer, one file each. */
export function createRegistry(localModelUrl: string): Registry {
  return {
    builtIn: [
      { id: 'quotations', models: [], available: true },
      { id: 'local', models: [LOCAL_MODEL], available: localModelUrl !== '' },
    ],
    resolve({ providerId, model }, server, generation) {
      if (providerId === 'quotations') return quotations()
      if (providerId === 'local') return localModel(localModelUrl, generation)
      if (!server) return null
      const { id, baseUrl, apiKey } = server
      return openAiCompatible({ providerId: id, baseUrl, apiKey, model, generation })
    },
  }
}
