'use client'

import { AlertDialog } from 'radix-ui'

import { Button } from './button'

type ConfirmProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  body: string
  confirm: string
  cancel: string
  busy: boolean
  /** A sentence to show when the deed failed; the dialog stays open. */
  error: string | null
  onConfirm: () => void
  /** Where the focus goes when the dialog closes. */
  onCloseAutoFocus?: (event: Event) => void
}

/** Asks before something that cannot be undone. The focus starts on "cancel". */
export function Confirm(props: ConfirmProps) {
  const { title, body, confirm, cancel, busy, error, onConfirm, onCloseAutoFocus } = props
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-appear" />
        <AlertDialog.Content
          onCloseAutoFocus={onCloseAutoFocus}
          className="fixed top-1/2 left-1/2 z-50 w-[calc(100%-2rem)] max-w-md -translate-1/2 rounded-2xl border bg-canvas p-5 shadow-float data-[state=open]:animate-appear"
        >
          <AlertDialog.Title className="text-base font-semibold tracking-tight text-balance break-words">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-muted">
            {body}
          </AlertDialog.Description>
          {error && (
            <p role="alert" className="mt-3 text-sm text-danger">
              {error}
            </p>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{cancel}</Button>
            </AlertDialog.Cancel>
            <Button
              look="danger"
              aria-disabled={busy}
              onClick={busy ? undefined : onConfirm}
              data-testid="confirm"
            >
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
