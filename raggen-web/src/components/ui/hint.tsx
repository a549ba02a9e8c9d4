'use client'

import { Tooltip } from 'radix-ui'
import { useState, type ReactElement } from 'react'
import { flushSync } from 'react-dom'

/** A short hint on hover and focus. It repeats what the label already says, never more. */
export function Hint({ text, children }: { text: string; children: ReactElement }) {
  const [open, setOpen] = useState(false)

  /** A hint takes no key from what it stands in: Escape closes it, and the drawer or dialog below. */
  function onEscapeKeyDown(event: KeyboardEvent) {
    event.preventDefault()
    event.stopImmediatePropagation()
    flushSync(() => setOpen(false))
    const again = { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }
    event.target?.dispatchEvent(new KeyboardEvent('keydown', again))
  }

  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          onEscapeKeyDown={onEscapeKeyDown}
          className="z-60 max-w-64 rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-lift"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
