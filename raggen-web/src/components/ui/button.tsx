import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'

import { cn } from './cn'

const button = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-accent-ink hover:bg-accent-hover',
        outline: 'border border-line-strong bg-raised hover:bg-hover',
        quiet: 'text-muted hover:bg-hover hover:text-ink',
        danger: 'bg-danger text-canvas hover:opacity-90',
      },
      size: {
        small: 'h-8 px-3 text-[0.8125rem]',
        normal: 'h-9 px-3.5 text-sm',
        icon: 'size-8',
      },
    },
    defaultVariants: { look: 'outline', size: 'normal' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof button> & { asChild?: boolean }

/** A button that never submits a form by accident (`type="button"` unless told). */
export function Button({ look, size, asChild, className, type, ...props }: ButtonProps) {
  const classes = cn(button({ look, size }), className)
  if (asChild) return <Slot.Root className={classes} {...props} />
  return <button type={type ?? 'button'} className={classes} {...props} />
}
