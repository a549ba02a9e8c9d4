import { describe, expect, it } from 'vitest'

import { tmpStore } from '../../test/tmp'

import type { Location } from './location'
import { openDatabase } from './open'

import { DEFAULTS } from '@/chat/settings'

describe('settings', () => {
  it('begin with quotations and with memory on, and keep what was chosen', async () => {
    const { settings } = tmpStore()
    expect(await settings.selection()).toEqual({ providerId: 'quotations', model: null })
    expect(await settings.defaults()).toEqual(DEFAULTS)
    const chosen = { providerId: 'p', model: 'm' }
    await settings.select(chosen)
    const defaults = {
      generation: { temperature: 0.3, maxTokens: 900, systemPrompt: 'Коротко.' },
      context: { ...DEFAULTS.context, count: 3, scope: { kind: 'this-chat' as const } },
    }
    await settings.setDefaults(defaults)
    expect(await settings.selection()).toEqual(chosen)
    expect(await settings.defaults()).toEqual(defaults)
  })

  it('of an earlier version count until they are written anew', async () => {
    const { settings, location } = tmpStore()
    await put(location, 'memory', { enabled: false, k: 3 })
    expect((await settings.defaults()).context).toMatchObject({ enabled: false, count: 3 })
    await settings.setDefaults({ ...DEFAULTS, context: { ...DEFAULTS.context, count: 12 } })
    expect((await settings.defaults()).context).toMatchObject({ enabled: true, count: 12 })
  })

  it('of a later version count field by field, where they are understood', async () => {
    const { settings, location } = tmpStore()
    await put(location, 'context', {
      count: 5,
      recency: 'strongly',
      scope: { kind: 'moon' },
      extra: 1,
    })
    expect((await settings.defaults()).context).toEqual({ ...DEFAULTS.context, count: 5 })
  })
})

/** As another version would write it. */
async function put(location: Location, key: string, value: object) {
  const { write, close } = openDatabase(location)
  await write(async (tx) => void (await tx.setting.create({ data: { key, value } })))
  await close()
}
