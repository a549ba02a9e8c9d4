'use client'

import { ArrowUp, Square } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { Button } from '@/components/ui/button'

type ComposerBarProps = {
  /** Who answers, what this chat sets otherwise: at the left. */
  tools: ReactNode
  busy: boolean
  sendable: boolean
  onStop: () => void
  children: ReactNode
}

/** Below the text: tools, and the way to send or to stop. */
export function ComposerBar(props: ComposerBarProps) {
  const { tools, busy, sendable, onStop, children } = props
  const t = useTranslations('composer')
  return (
    <div className="flex items-center gap-1 p-1.5 pt-0">
      {tools}
      <div className="min-w-0 flex-1 text-right">{children}</div>
      {busy ? (
        <Button
          look="primary"
          aria-label={t('stop')}
          data-testid="composer-stop"
          onClick={onStop}
          className="size-9 rounded-xl"
        >
          <Square aria-hidden className="size-3.5! fill-current" />
        </Button>
      ) : (
        <Button
          type="submit"
          look="primary"
          aria-label={t('send')}
          aria-disabled={!sendable}
          data-testid="composer-send"
          className="size-9 rounded-xl aria-disabled:bg-hover aria-disabled:text-muted"
        >
          <ArrowUp aria-hidden className="size-5!" />
        </Button>
      )}
    </div>
  )
}
