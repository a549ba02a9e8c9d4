import type { ComponentProps } from 'react'

import { Button } from './button'
import { Hint } from './hint'

type IconButtonProps = ComponentProps<typeof Button> & { label: string; shortcut?: string }

/** An icon that says its name: to a screen reader as the label, to a mouse or the keyboard as a hint. */
export function IconButton({ label, shortcut, ...props }: IconButtonProps) {
  return (
    <Hint text={shortcut ? `${label}  ${shortcut}` : label}>
      <Button look="quiet" size="icon" aria-label={label} {...props} />
    </Hint>
  )
}
