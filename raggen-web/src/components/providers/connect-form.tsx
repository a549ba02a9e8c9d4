'use client'

import type { ReactNode } from 'react'

import { FormFooter } from './form-footer'

type ConnectFormProps = {
  /** Ids of its parts begin with this; `<id>-note` says where a key goes. */
  id: string
  heading: string
  /** Where all that is asked for is found. */
  where?: string
  /** What is missing or wrong; shown below the fields, as `<id>-problem`. */
  problem: string | null
  /** What else there is to know before one connects. */
  note?: string
  busy: boolean
  onSubmit: () => Promise<void>
  /** The fields. */
  children: ReactNode
}

/** What the forms that connect a server share: their frame, what is wrong, the button. */
export function ConnectForm(props: ConnectFormProps) {
  const { id, heading, where, problem, note, busy, onSubmit, children } = props
  return (
    <form
      noValidate
      aria-labelledby={`${id}-heading`}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void onSubmit()
      }}
    >
      <h3 id={`${id}-heading`} className="font-medium">
        {heading}
      </h3>
      {where && <p className="mt-1 text-[0.8125rem] text-muted">{where}</p>}
      <div className="mt-3 space-y-3">{children}</div>
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="mt-2 text-danger">
          {problem}
        </p>
      )}
      {note && <p className="mt-3 text-xs text-muted">{note}</p>}
      <FormFooter busy={busy} noteId={`${id}-note`} />
    </form>
  )
}
