import type { Access } from './access'
import { plainAccess } from './access'
import type { Answerer, Model } from './answerer'
import {
  connectGigaChat,
  GIGACHAT_WINDOW_TOKENS,
  gigaChatModel,
  gigaChatParameters,
  type GigaChat,
} from './gigachat'
import { limitsFor, SILENCE_MS, UNKNOWN_WINDOW_TOKENS } from './limits'
import { LOCAL_MODEL, localModel } from './local'
import { offeredModels } from './models'
import { openAiCompatible, wireParameters } from './openai'
import { quotations } from './quotations'
import type { OfferedModel, Server } from './server'
import {
  connectYandexGpt,
  textModels,
  YANDEXGPT_WINDOW_TOKENS,
  yandexGptModel,
  yandexParameters,
} from './yandexgpt'

import type { GenerationSettings } from '@/chat/settings'

export type { Server } from './server'

export type Registry = {
  /** Ids that are not rows: always there. */
  builtIn: { id: 'quotations' | 'local'; models: string[]; available: boolean }[]
  /** Servers whose keys come from the environment: no rows either, and never changed here. */
  environment: Server[]
  /** What a server offers now; remembers the windows that it tells. @throws ProviderFailure */
  list: (server: Server, timeoutMs: number) => Promise<OfferedModel[]>
  /** Drops what is kept of a server that was removed or did not work: its token, its queue. */
  forget: (id: string) => void
  /** null: neither built in nor a row; the provider was removed. */
  resolve: (
    selection: { providerId: string; model: string | null },
    server: Server | null,
    generation: GenerationSettings,
  ) => Answerer | null
}

export type RegistryOptions = {
  /** '' when there is no local model. */
  localModelUrl: string
  environment?: Server[]
  /** How long a server may say nothing. */
  silenceMs?: number
}

const KIND_WINDOWS = {
  openai: UNKNOWN_WINDOW_TOKENS,
  yandexgpt: YANDEXGPT_WINDOW_TOKENS,
  gigachat: GIGACHAT_WINDOW_TOKENS,
} as const

/** What a token and a queue belong to: not the name, and in whatever order it was written. */
function fingerprint({ baseUrl, apiKey, headers, options }: Server): string {
  const sorted = (object: object) => Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([baseUrl, apiKey, sorted(headers), sorted(options)])
}

/** Tokens and queues of each GigaChat, kept while its key and settings stay the same. */
function createGigaChats() {
  const connected = new Map<string, { as: string; chat: GigaChat }>()
  const of = (server: Server): GigaChat => {
    const now = fingerprint(server)
    const known = connected.get(server.id)
    if (known?.as === now) return known.chat
    const chat = connectGigaChat(server)
    connected.set(server.id, { as: now, chat })
    return chat
  }
  return { of, forget: (id: string) => void connected.delete(id) }
}

/** Who can answer, one file each. */
export function createRegistry(options: RegistryOptions): Registry {
  const { localModelUrl, environment = [], silenceMs = SILENCE_MS } = options
  const windows = new Map<string, number>()
  const gigaChats = createGigaChats()

  function accessTo(server: Server): Access {
    if (server.kind === 'gigachat') return gigaChats.of(server).access
    return server.kind === 'yandexgpt' ? connectYandexGpt(server) : plainAccess(server)
  }

  function modelOf(server: Server, model: string | null, generation: GenerationSettings): Model {
    const told = windows.get(`${server.id}\n${model}`)
    const windowTokens = server.options.windowTokens ?? told ?? KIND_WINDOWS[server.kind]
    const limits = limitsFor(windowTokens, generation, silenceMs)
    switch (server.kind) {
      case 'openai':
        return openAiCompatible(server, model, limits, wireParameters(generation))
      case 'yandexgpt': {
        const parameters = yandexParameters(generation)
        return yandexGptModel(connectYandexGpt(server), server, model, limits, parameters)
      }
      case 'gigachat': {
        const parameters = gigaChatParameters(generation)
        return gigaChatModel(gigaChats.of(server), server.id, model, limits, parameters)
      }
    }
  }

  return {
    builtIn: [
      { id: 'quotations', models: [], available: true },
      { id: 'local', models: [LOCAL_MODEL], available: localModelUrl !== '' },
    ],
    environment,
    async list(server, timeoutMs) {
      const offered = await offeredModels(accessTo(server), timeoutMs)
      const models = server.kind === 'yandexgpt' ? textModels(offered) : offered
      for (const { id, windowTokens } of models) {
        if (windowTokens !== null) windows.set(`${server.id}\n${id}`, windowTokens)
      }
      return models
    },
    forget: gigaChats.forget,
    resolve({ providerId, model }, server, generation) {
      if (providerId === 'quotations') return quotations()
      if (providerId === 'local') return localModel(localModelUrl, generation)
      return server && modelOf(server, model, generation)
    },
  }
}
