'use client'

import { SquarePen } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

import { useShortcutLabel } from './use-new-chat-shortcut'

import { Button } from '@/components/ui/button'
import { Hint } from '@/components/ui/hint'

/** A new chat. It is a link: it can be opened in another tab. */
export function NewChatLink() {
  const t = useTranslations('sidebar')
  const shortcut = useShortcutLabel()
  return (
    <Hint text={t('newChatHint', { shortcut })}>
      <Button asChild className="w-full justify-start gap-2.5 px-3">
        <Link href="/" data-testid="new-chat" aria-keyshortcuts="Control+Shift+O Meta+Shift+O">
          <SquarePen aria-hidden className="text-accent" />
          {t('newChat')}
        </Link>
      </Button>
    </Hint>
  )
}
