'use client'

import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ComponentProps } from 'react'

import { cn } from './cn'

const SURFACE =
  'z-50 max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto rounded-xl border bg-raised p-1 shadow-float data-[state=open]:animate-appear'
const ITEM =
  'relative flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0'

export const MenuTrigger = DropdownMenu.Trigger
export const MenuRadioGroup = DropdownMenu.RadioGroup

/** Not modal: hiding the whole page from screen readers while a menu is open helps nobody. */
export function Menu(props: ComponentProps<typeof DropdownMenu.Root>) {
  return <DropdownMenu.Root modal={false} {...props} />
}

/**
 * The floating surface of a menu; it scrolls when the window is too low for it. It stays where it
 * is in the page (fixed, not clipped), so it belongs to the landmark that it was opened in.
 */
export function MenuContent({ className, ...props }: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Content
      sideOffset={6}
      collisionPadding={10}
      className={cn(SURFACE, 'min-w-44', className)}
      {...props}
    />
  )
}

/** One thing to do. */
export function MenuItem({ className, ...props }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item className={cn(ITEM, className)} {...props} />
}

/** One of several; the chosen one carries a tick. */
export function MenuRadio(props: ComponentProps<typeof DropdownMenu.RadioItem>) {
  const { className, children, ...rest } = props
  return (
    <DropdownMenu.RadioItem className={cn(ITEM, 'pr-9', className)} {...rest}>
      {children}
      <DropdownMenu.ItemIndicator className="absolute right-2.5 text-accent">
        <Check aria-hidden />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  )
}

/** A heading over a group of items. */
export function MenuLabel({ className, ...props }: ComponentProps<typeof DropdownMenu.Label>) {
  return (
    <DropdownMenu.Label
      className={cn('px-2.5 pt-2 pb-1 text-xs font-medium text-muted', className)}
      {...props}
    />
  )
}

/** A line between groups. */
export function MenuLine() {
  return <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />
}
