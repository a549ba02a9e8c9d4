'use client'

import { useEffect, useRef, useState } from 'react'

const keyOf = (name: string) => `raggen.draft.${name}`

function read(name: string): string {
  try {
    return localStorage.getItem(keyOf(name)) ?? ''
  } catch {
    return '' // Storage is switched off: the draft lives as long as the page.
  }
}

function write(name: string, text: string): void {
  try {
    if (text) localStorage.setItem(keyOf(name), text)
    else localStorage.removeItem(keyOf(name))
  } catch {
    // Storage is full or switched off: the draft lives as long as the page.
  }
}

/**
 * What is being typed, kept in the browser under `name` (a chat's id, or "new").
 * `hold` empties the field but not the storage: for a message that is on its way.
 */
export function useDraft(name: string) {
  const [text, setText] = useState('')
  const latest = useRef({ name, text })

  useEffect(() => {
    latest.current.text = text
  }, [text])

  useEffect(() => {
    const before = latest.current
    latest.current = { ...before, name }
    if (before.name !== name && before.text) {
      // A new chat has just got its id while something was already typed into it.
      write(name, before.text)
      write(before.name, '')
      return
    }
    // Not in the initial state: the server cannot know it, and hydration would not match.

    setText(read(name))
  }, [name])

  return {
    text,
    /** What stands in the field without this page's doing: typed before its scripts were awake. */
    adopt: (typed: string) => {
      if (!typed || latest.current.text) return
      const kept = read(name)
      const next = kept && kept !== typed ? `${kept}\n${typed}` : typed
      setText(next)
      write(name, next)
    },
    change: (next: string) => {
      setText(next)
      write(name, next)
    },
    hold: () => setText(''),
    discard: () => {
      if (!latest.current.text) write(name, '')
    },
    /** Put a text back that could not be sent, unless something else was typed meanwhile. */
    restore: (sent: string) => {
      if (latest.current.text) return
      setText(sent)
      write(name, sent)
    },
  }
}
