'use client'

import { Pencil } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { CopyButton } from './copy-button'
import { useMessageActions } from './message-actions-context'
import { VersionSwitch } from './version-switch'

import type { ChatMessage } from '@/chat/message'
import { siblingsOf } from '@/components/chat/siblings'
import { Moment } from '@/components/time/moment'
import { IconButton } from '@/components/ui/icon-button'

/**
 * Quiet actions of a question. A mouse sees them over the question, the keyboard inside of it, a
 * finger always; their place is kept, so nothing moves.
 */
export function QuestionToolbar({ message, text }: { message: ChatMessage; text: string }) {
  const t = useTranslations('message')
  const actions = useMessageActions()
  const createdAt = message.metadata?.createdAt
  return (
    <div className="-mr-2 flex min-h-8 items-center text-xs text-muted">
      <div className="flex items-center opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
        {createdAt && (
          <span className="mr-1.5">
            <Moment at={createdAt} style="time" />
          </span>
        )}
        <CopyButton text={text} label={t('copyQuestion')} copiedLabel={t('copied')} />
        {actions && (
          <IconButton
            label={t('edit')}
            aria-disabled={actions.busy}
            data-testid="edit"
            onClick={actions.busy ? undefined : () => actions.startEditing(message.id)}
            className="aria-disabled:opacity-40"
          >
            <Pencil aria-hidden />
          </IconButton>
        )}
      </div>
      <VersionSwitch messageId={message.id} siblings={siblingsOf(message)} />
    </div>
  )
}
