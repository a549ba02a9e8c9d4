'use client'

import { Field } from '@/components/ui/field'

type KeyFieldProps = {
  id: string
  label: string
  note?: string
  value: string
  placeholder?: string
  describedBy?: string
  invalid?: boolean
  testId: string
  onChange: (key: string) => void
}

/** A secret: hidden while it is typed, and never offered to the browser to keep. */
export function KeyField({ id, label, note, testId, describedBy, ...props }: KeyFieldProps) {
  return (
    <Field
      id={id}
      label={label}
      note={note}
      type="password"
      // "off" is ignored for passwords: this word keeps password managers from offering a login.
      autoComplete="new-password"
      spellCheck={false}
      value={props.value}
      placeholder={props.placeholder}
      aria-describedby={describedBy}
      aria-invalid={props.invalid}
      data-testid={testId}
      onChange={(event) => props.onChange(event.target.value)}
    />
  )
}
