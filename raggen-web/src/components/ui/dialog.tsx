'use client'

import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useRef, type ComponentProps, type ReactNode } from 'react'

import { Button } from './button'
import { cn } from './cn'

export const Dialog = Primitive.Root
export const DialogTrigger = Primitive.Trigger

type DialogContentProps = ComponentProps<typeof Primitive.Content> & {
  title: string
  description: string
  closeLabel: string
  children: ReactNode
}

/**
 * Centred on a desktop, a sheet from the bottom on a phone. Escape and a click outside close it, and
 * the focus goes back to what had it, also where no DialogTrigger tells Radix what that was.
 */
export function DialogContent(props: DialogContentProps) {
  const { title, description, closeLabel, children, className, ...rest } = props
  const opener = useRef<HTMLElement>(null)

  function onOpenAutoFocus(event: Event) {
    const focused = document.activeElement
    opener.current = focused instanceof HTMLElement && focused !== document.body ? focused : null
    props.onOpenAutoFocus?.(event)
  }

  function onCloseAutoFocus(event: Event) {
    props.onCloseAutoFocus?.(event)
    if (event.defaultPrevented || !opener.current?.isConnected) return
    event.preventDefault()
    opener.current.focus()
  }

  return (
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-appear" />
      <Primitive.Content
        {...rest}
        onOpenAutoFocus={onOpenAutoFocus}
        onCloseAutoFocus={onCloseAutoFocus}
        className={cn(
          'fixed inset-x-0 bottom-0 z-50 flex max-h-[88dvh] flex-col rounded-t-2xl border bg-canvas shadow-float data-[state=open]:animate-appear',
          'sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-full sm:max-w-2xl sm:-translate-1/2 sm:rounded-2xl',
          className,
        )}
      >
        <div className="flex items-start gap-4 border-b px-5 pt-4 pb-3.5">
          <div className="min-w-0 flex-1">
            <Primitive.Title className="text-base font-semibold tracking-tight">
              {title}
            </Primitive.Title>
            <Primitive.Description className="mt-0.5 text-sm text-muted">
              {description}
            </Primitive.Description>
          </div>
          <Primitive.Close asChild>
            <Button look="quiet" size="icon" aria-label={closeLabel} className="-mr-2">
              <X aria-hidden />
            </Button>
          </Primitive.Close>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">
          {children}
        </div>
      </Primitive.Content>
    </Primitive.Portal>
  )
}
