import type { ComponentProps } from 'react'

import { cn } from './cn'

type FieldProps = ComponentProps<'input'> & { id: string; label: string; note?: string }

/** A labelled text field; `note` is a quiet word behind the label. */
export function Field({ id, label, note, className, ...props }: FieldProps) {
  return (
    <div className={className}>
      <label htmlFor={id} className="text-[0.8125rem] font-medium">
        {label}
        {note && <span className="font-normal text-muted"> – {note}</span>}
      </label>
      <input
        id={id}
        className={cn(
          'mt-1 h-9 w-full rounded-lg border border-line-strong bg-raised px-3 text-sm placeholder:text-muted',
          'aria-invalid:border-danger',
        )}
        {...props}
      />
    </div>
  )
}
