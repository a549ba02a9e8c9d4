'use client'

import { useState } from 'react'

/** A header as it is edited. `kept`: the server has a value, which never comes back here. */
export type HeaderRow = { id: number; name: string; value: string; kept: boolean }

/** Name → value; null keeps the value that the server has. */
export type WrittenHeaders = Record<string, string | null>

export type HeaderRows = {
  rows: HeaderRow[]
  add: () => void
  change: (id: number, change: { name?: string; value?: string }) => void
  remove: (id: number) => void
  clear: () => void
  /** What was written; rows without a name and a value count for nothing. */
  written: () => WrittenHeaders
  /** A name that is there twice, or whose value is missing; null: all is well. */
  wrong: () => { problem: 'twice' | 'empty'; name: string } | null
}

/** The rows of extra headers; `names` are those that the server keeps already. */
export function useHeaderRows(names: string[] = []): HeaderRows {
  const [rows, setRows] = useState<HeaderRow[]>(() =>
    names.map((name, index) => ({ id: index, name, value: '', kept: true })),
  )
  const [nextId, setNextId] = useState(names.length)
  const filled = rows
    .map((row) => ({ ...row, name: row.name.trim(), value: row.value.trim() }))
    .filter(({ name, value }) => name !== '' || value !== '')

  return {
    rows,
    add: () => {
      setRows([...rows, { id: nextId, name: '', value: '', kept: false }])
      setNextId(nextId + 1)
    },
    change: (id, change) =>
      setRows(rows.map((row) => (row.id === id ? { ...row, ...change } : row))),
    remove: (id) => setRows(rows.filter((row) => row.id !== id)),
    clear: () => setRows([]),
    written: () =>
      Object.fromEntries(
        filled.map(({ name, value, kept }) => [name, kept && value === '' ? null : value]),
      ),
    wrong: () => {
      const seen = new Set<string>()
      for (const { name, value, kept } of filled) {
        if (name === '' || (value === '' && !kept)) return { problem: 'empty', name }
        if (seen.has(name.toLowerCase())) return { problem: 'twice', name }
        seen.add(name.toLowerCase())
      }
      return null
    },
  }
}
