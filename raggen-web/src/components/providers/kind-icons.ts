import { Quote, Server, Sprout } from 'lucide-react'

/** Quotations quote, the small model is a seedling, a server is a server. */
export const KIND_ICONS = { quotations: Quote, local: Sprout, openai: Server } as const
