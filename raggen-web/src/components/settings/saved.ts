/** How the last change fares on its way to the server. */
export type Saving = { state: 'idle' | 'saving' | 'saved' } | { state: 'failed'; failure: unknown }

export type SavedState<T> = {
  /** What is shown: the person's own change at once, the server's copy before it. null: not read yet. */
  value: T | null
  /** Why it could not be read. */
  unread: unknown
  saving: Saving
}

export type Saved<T> = {
  get: () => SavedState<T>
  subscribe: (listener: () => void) => () => void
  /** Reads it once; again only after a failure. A change made meanwhile is not overwritten. */
  read: () => Promise<void>
  /** Shown at once, written a moment later. */
  change: (next: T) => void
  /** Writes what is shown again, after a failure. */
  retry: () => void
  /** Resolves once the last change has been written: true; or could not be: false. */
  settled: () => Promise<boolean>
  /** Writes at once what waits for its pause: the page may be gone before that. */
  flush: () => void
}

/** So that a slider that moves is one request. */
const PAUSE_MS = 350

/**
 * A value that lives on the server and is edited here: every change is written a moment later, one
 * request at a time, the newest wins. A failed write keeps what was typed and says so.
 */
export function createSaved<T>(
  load: () => Promise<T>,
  save: (value: T) => Promise<void>,
  pauseMs = PAUSE_MS,
): Saved<T> {
  let state: SavedState<T> = { value: null, unread: null, saving: { state: 'idle' } }
  let reading: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing = false
  let changed = false
  const listeners = new Set<() => void>()

  function set(changes: Partial<SavedState<T>>) {
    state = { ...state, ...changes }
    for (const listener of listeners) listener()
  }

  async function write() {
    if (writing || state.value === null) return
    writing = true
    changed = false
    clearTimeout(timer)
    let saving: Saving = { state: 'saved' }
    try {
      await save(state.value)
    } catch (failure) {
      saving = { state: 'failed', failure }
    }
    writing = false
    if (changed) schedule(0)
    else set({ saving })
  }

  function schedule(pause: number) {
    clearTimeout(timer)
    timer = setTimeout(() => void write(), pause)
  }

  async function readOnce() {
    try {
      const value = await load()
      if (state.value === null) set({ value, unread: null })
    } catch (failure) {
      set({ unread: failure })
      reading = null
    }
  }

  /** Nothing waits for the pause, nothing is on its way. */
  const isQuiet = () => !changed && !writing
  const isWritten = () => state.saving.state !== 'failed'

  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    read: () => (reading ??= readOnce()),
    change: (value) => {
      changed = true
      set({ value, saving: { state: 'saving' } })
      schedule(pauseMs)
    },
    retry: () => {
      changed = true
      set({ saving: { state: 'saving' } })
      schedule(0)
    },
    flush: () => {
      if (!changed || state.value === null) return
      // One that is on its way holds an older value; there may be no time to wait for its end.
      if (writing) void save(state.value).catch(() => {})
      else void write()
    },
    settled: () =>
      new Promise((resolve) => {
        if (isQuiet()) return resolve(isWritten())
        if (!writing) schedule(0)
        const listen = () => {
          if (!isQuiet() || state.saving.state === 'saving') return
          listeners.delete(listen)
          resolve(isWritten())
        }
        listeners.add(listen)
      }),
  }
}
