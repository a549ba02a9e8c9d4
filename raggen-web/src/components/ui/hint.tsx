'use client'

import { Tooltip } from 'radix-ui'
import type { ReactElement } from 'react'

/** A short hint on hover and focus. It repeats what the label already says, never more. */
export function Hint({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-60 max-w-64 rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-lift"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
