import { Cloud, Quote, Server, Sparkles, Sprout } from 'lucide-react'

/** Quotations quote, the small model is a seedling, a server is a server; clouds are elsewhere. */
export const KIND_ICONS = {
  quotations: Quote,
  local: Sprout,
  openai: Server,
  yandexgpt: Cloud,
  gigachat: Sparkles,
} as const

/** Kinds that are connected, as opposed to those that are always there. */
export const SERVER_KINDS = ['openai', 'yandexgpt', 'gigachat'] as const
