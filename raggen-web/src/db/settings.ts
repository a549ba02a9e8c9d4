import { z } from 'zod'

import type { Database } from './database'

import {
  ContextSettings,
  DEFAULTS,
  GenerationSettings,
  Selection,
  type Defaults,
} from '@/chat/settings'

export type { Selection }

/** What an earlier version kept under `memory`, where `context` was not written since. */
const OldMemory = z.object({ enabled: z.boolean(), k: z.number().int().min(1).max(50) })

export type Settings = {
  /** Who answers where a chat says nothing else. */
  selection: () => Promise<Selection>
  select: (selection: Selection) => Promise<void>
  /** What holds where a chat says nothing else. */
  defaults: () => Promise<Defaults>
  setDefaults: (defaults: Defaults) => Promise<void>
  /** Both at once, as every answer needs them. */
  all: () => Promise<Defaults & { selection: Selection }>
}

/** No model and no key: answers in quotations. */
const DEFAULT_SELECTION: Selection = { providerId: 'quotations', model: null }

/** The fields of `value` that parse; what another version wrote otherwise counts as absent. */
function fieldsOf<T extends z.ZodRawShape>(
  schema: z.ZodObject<T>,
  value: unknown,
): Partial<z.infer<z.ZodObject<T>>> {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? {}
  const parsed = Object.entries(schema.shape).flatMap(([name, field]) => {
    const one = z.safeParse(field, fields[name])
    return one.success ? [[name, one.data] as const] : []
  })
  return Object.fromEntries(parsed) as Partial<z.infer<z.ZodObject<T>>>
}

const DEFAULT_KEYS = ['generation', 'context', 'memory']
/** Values by key. */
type Stored = Map<string, unknown>

function selectionIn(stored: Stored): Selection {
  return Selection.safeParse(stored.get('selection')).data ?? DEFAULT_SELECTION
}

function defaultsIn(stored: Stored): Defaults {
  const old = OldMemory.safeParse(stored.get('memory')).data
  return {
    generation: {
      ...DEFAULTS.generation,
      ...fieldsOf(GenerationSettings, stored.get('generation')),
    },
    context: {
      ...DEFAULTS.context,
      ...(old && { enabled: old.enabled, count: old.k }),
      ...fieldsOf(ContextSettings, stored.get('context')),
    },
  }
}

export function createSettings({ read, write }: Database): Settings {
  /** By key, absent ones not in it. */
  async function values(keys: string[]): Promise<Stored> {
    const rows = await read.setting.findMany({ where: { key: { in: keys } } })
    return new Map(rows.map(({ key, value }) => [key, value]))
  }
  const put = (entries: Record<string, object>) =>
    write(async (tx) => {
      for (const [key, value] of Object.entries(entries)) {
        await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
      }
    })

  return {
    selection: async () => selectionIn(await values(['selection'])),

    select: (selection) => put({ selection }),

    defaults: async () => defaultsIn(await values(DEFAULT_KEYS)),

    async all() {
      const stored = await values(['selection', ...DEFAULT_KEYS])
      return { ...defaultsIn(stored), selection: selectionIn(stored) }
    },

    setDefaults: ({ generation, context }) => put({ generation, context }),
  }
}
