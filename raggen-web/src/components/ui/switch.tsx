'use client'

import { Switch as Primitive } from 'radix-ui'
import type { ComponentProps } from 'react'

import { cn } from './cn'

/** On or off, at once. Give it an `aria-labelledby` or a `<label>`. */
export function Switch({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        'relative h-6 w-10 shrink-0 rounded-full bg-line-strong transition-colors',
        'disabled:opacity-50 data-[state=checked]:bg-accent',
        className,
      )}
      {...props}
    >
      <Primitive.Thumb className="block size-5 translate-x-0.5 rounded-full bg-canvas shadow-lift transition-transform data-[state=checked]:translate-x-4.5" />
    </Primitive.Root>
  )
}
