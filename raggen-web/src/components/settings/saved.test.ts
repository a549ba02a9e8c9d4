import { describe, expect, it, vi } from 'vitest'

import { createSaved } from './saved'

/** Saves that end when the test says so. */
function server(first = 1) {
  const saves: { value: number; end: (failure?: Error) => void }[] = []
  const saved = createSaved<number>(
    () => Promise.resolve(first),
    (value) =>
      new Promise((resolve, reject) => {
        saves.push({ value, end: (failure) => (failure ? reject(failure) : resolve()) })
      }),
    5,
  )
  return { saved, saves }
}

const until = vi.waitFor

describe('a value that lives on the server', () => {
  it('is read once', async () => {
    const load = vi.fn(() => Promise.resolve(7))
    const saved = createSaved(load, () => Promise.resolve())
    await Promise.all([saved.read(), saved.read()])
    await saved.read()
    expect(saved.get()).toMatchObject({ value: 7, unread: null })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('is read again after a failure', async () => {
    const load = vi.fn(() => Promise.resolve(7)).mockRejectedValueOnce(new Error('down'))
    const saved = createSaved(load, () => Promise.resolve())
    await saved.read()
    expect(saved.get()).toMatchObject({ value: null, unread: new Error('down') })
    await saved.read()
    expect(saved.get()).toMatchObject({ value: 7, unread: null })
  })

  it('is written without its pause when the page is about to go', async () => {
    const { saved, saves } = server()
    await saved.read()
    saved.flush()
    expect(saves).toHaveLength(0)
    saved.change(2)
    saved.flush()
    expect(saves.map(({ value }) => value)).toEqual([2])
    // While that one is on its way, too.
    saved.change(3)
    saved.flush()
    expect(saves.map(({ value }) => value)).toEqual([2, 3])
  })

  it('shows a change at once and writes the last of many', async () => {
    const { saved, saves } = server()
    await saved.read()
    for (const value of [2, 3, 4]) saved.change(value)
    expect(saved.get()).toMatchObject({ value: 4, saving: { state: 'saving' } })
    await until(() => expect(saves).toHaveLength(1))
    expect(saves[0]?.value).toBe(4)
    saves[0]?.end()
    await until(() => expect(saved.get().saving.state).toBe('saved'))
  })

  it('never writes two at once, and says "saved" only of the newest', async () => {
    const { saved, saves } = server()
    saved.change(2)
    await until(() => expect(saves).toHaveLength(1))
    saved.change(3)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(saves).toHaveLength(1)
    saves[0]?.end()
    await until(() => expect(saves).toHaveLength(2))
    expect(saved.get().saving.state).toBe('saving')
    saves[1]?.end()
    await until(() => expect(saved.get().saving.state).toBe('saved'))
    expect(saves[1]?.value).toBe(3)
  })

  it('keeps what was typed when it was not taken, and tries again', async () => {
    const { saved, saves } = server()
    saved.change(5)
    await until(() => expect(saves).toHaveLength(1))
    saves[0]?.end(new Error('full'))
    await until(() => expect(saved.get().saving.state).toBe('failed'))
    expect(saved.get().value).toBe(5)
    saved.retry()
    await until(() => expect(saves).toHaveLength(2))
    expect(saves[1]?.value).toBe(5)
    saves[1]?.end()
    await until(() => expect(saved.get().saving.state).toBe('saved'))
  })

  it('does not overwrite a change with what is read after it', async () => {
    const { saved } = server(1)
    const reading = saved.read()
    saved.change(9)
    await reading
    expect(saved.get().value).toBe(9)
  })

  it('can be waited for', async () => {
    const { saved, saves } = server()
    expect(await saved.settled()).toBe(true)
    saved.change(2)
    let done = false
    const waiting = saved.settled().finally(() => (done = true))
    await until(() => expect(saves).toHaveLength(1))
    expect(done).toBe(false)
    saves[0]?.end(new Error('full'))
    expect(await waiting).toBe(false)
    expect(await saved.settled()).toBe(false)
    saved.retry()
    const again = saved.settled()
    await until(() => expect(saves).toHaveLength(2))
    saves[1]?.end()
    expect(await again).toBe(true)
  })
})
