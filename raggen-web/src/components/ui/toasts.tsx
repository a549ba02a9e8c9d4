'use client'

import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { createContext, useCallback, useContext, useState } from 'react'
import type { ReactNode } from 'react'

import { Button } from './button'

const SHOWN_MS = 6_000

export type ToastAction = { label: string; run: () => void }

export type ToastMessage = {
  text: string
  /** One thing to do about it: undo, try again. Doing it closes the toast. */
  action?: ToastAction
  /** How long it stays, in milliseconds; the mouse or the focus on it stops the clock. */
  ms?: number
}

type Shown = ToastMessage & { id: number }
type Show = (message: ToastMessage) => void

const ToastsContext = createContext<Show | null>(null)

type ToastsProps = {
  /** Names the region for a screen reader; `{hotkey}` in it is the key that leads there. */
  label: string
  closeLabel: string
  children: ReactNode
}

let lastId = 0

/** Short news at the edge of the page, with at most one thing to do about each. */
export function ToastsProvider({ label, closeLabel, children }: ToastsProps) {
  const [toasts, setToasts] = useState<Shown[]>([])
  const show = useCallback<Show>((message) => {
    lastId += 1
    const toast = { ...message, id: lastId }
    setToasts((all) => [...all.slice(-2), toast])
  }, [])
  const close = (id: number) => setToasts((all) => all.filter((toast) => toast.id !== id))
  return (
    <ToastsContext value={show}>
      <Toast.Provider label={label} swipeDirection="down" duration={SHOWN_MS}>
        {children}
        {toasts.map((toast) => (
          <Toast.Root
            key={toast.id}
            duration={toast.ms ?? SHOWN_MS}
            onOpenChange={(open) => !open && close(toast.id)}
            // Escape leaves menus and drawers; what can be undone must not go with them.
            onEscapeKeyDown={(event) => toast.action && event.preventDefault()}
            data-testid="toast"
            className="flex items-center gap-1 rounded-xl bg-ink py-1.5 pr-1.5 pl-4 text-sm text-canvas shadow-float data-[state=open]:animate-appear data-[swipe=end]:hidden"
          >
            <Toast.Title className="min-w-0 flex-1 py-1 wrap-anywhere">{toast.text}</Toast.Title>
            {toast.action && (
              <Toast.Action asChild altText={toast.action.label} onClick={toast.action.run}>
                <Button
                  look="quiet"
                  size="small"
                  data-testid="toast-action"
                  className="font-semibold text-canvas hover:bg-canvas/15 hover:text-canvas"
                >
                  {toast.action.label}
                </Button>
              </Toast.Action>
            )}
            <Toast.Close asChild>
              <Button
                look="quiet"
                size="icon"
                aria-label={closeLabel}
                className="text-canvas/75 hover:bg-canvas/15 hover:text-canvas"
              >
                <X aria-hidden />
              </Button>
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className="fixed inset-x-4 bottom-[max(6.5rem,env(safe-area-inset-bottom))] z-50 mx-auto flex max-w-md flex-col gap-2 outline-none sm:right-4 sm:bottom-6 sm:left-auto sm:mx-0 sm:w-96" />
      </Toast.Provider>
    </ToastsContext>
  )
}

/** Shows a toast. */
export function useToasts(): Show {
  const show = useContext(ToastsContext)
  if (!show) throw new Error('useToasts needs a ToastsProvider above it')
  return show
}
