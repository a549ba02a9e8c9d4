import { z } from 'zod'

import type { Database } from './database'

const Selection = z.object({ providerId: z.string(), model: z.string().nullable() })
const MemorySettings = z.object({
  enabled: z.boolean(),
  /** How many items an answer may stand on. */
  k: z.number().int().min(1).max(50),
})

/** Who answers. */
export type Selection = z.infer<typeof Selection>
export type MemorySettings = z.infer<typeof MemorySettings>

export type Settings = {
  selection: () => Promise<Selection>
  select: (selection: Selection) => Promise<void>
  memory: () => Promise<MemorySettings>
  setMemory: (memory: MemorySettings) => Promise<void>
}

/** No model and no key: answers in quotations. */
const DEFAULT_SELECTION: Selection = { providerId: 'quotations', model: null }
const DEFAULT_MEMORY: MemorySettings = { enabled: true, k: 8 }

export function createSettings({ read, write }: Database): Settings {
  /** A value that does not parse (written by another version) counts as absent. */
  async function get<T>(key: string, schema: z.ZodType<T>, fallback: T): Promise<T> {
    const row = await read.setting.findUnique({ where: { key } })
    const parsed = schema.safeParse(row?.value)
    return parsed.success ? parsed.data : fallback
  }
  const put = (key: string, value: object) =>
    write(async (tx) => {
      await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
    })

  return {
    selection: () => get('selection', Selection, DEFAULT_SELECTION),
    select: (selection) => put('selection', selection),
    memory: () => get('memory', MemorySettings, DEFAULT_MEMORY),
    setMemory: (memory) => put('memory', memory),
  }
}
