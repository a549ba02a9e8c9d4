'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useRef, useState } from 'react'

import type { AnswerActions } from './answer-actions-context'
import type { useConversation } from './use-conversation'
import { rendered } from './use-jump-target'

import { useFailure } from '@/components/api/use-failure'
import type { MessageActions } from '@/components/message/message-actions-context'
import { useToasts } from '@/components/ui/toasts'

/** After a version was switched the focus goes to the same switch of the version that came. */
async function focusSwitch(messageId: string, testId: string | undefined): Promise<void> {
  const message = await rendered(messageId)
  const same = testId ? message?.querySelector<HTMLElement>(`[data-testid="${testId}"]`) : null
  const target = same ?? message
  target?.focus({ preventScroll: true })
  target?.scrollIntoView({ block: 'nearest' })
}

type Conversation = ReturnType<typeof useConversation>

/** What can be done with single messages of a conversation; what fails is said in a toast. */
export function useMessageActions(conversation: Conversation): {
  messageActions: MessageActions
  answerActions: AnswerActions
  startEditing: (messageId: string) => void
} {
  const t = useTranslations('chat')
  const explain = useFailure()
  const toast = useToasts()
  const [editing, setEditing] = useState<string | null>(null)
  const latest = useRef(conversation)
  // eslint-disable-next-line react-hooks/refs -- the actions are kept, so that rows need not render again
  latest.current = conversation
  const { busy } = conversation

  const answerActions = useMemo<AnswerActions>(
    () => ({
      busy,
      regenerate: (answerId, context) => {
        void latest.current.regenerate(answerId, context).then((failure) => {
          if (failure) toast({ text: explain(failure) })
        })
      },
    }),
    [busy, toast, explain],
  )

  const messageActions = useMemo<MessageActions>(() => {
    function stopEditing() {
      setEditing(null)
      const edited = editing && document.getElementById(`m-${editing}`)
      if (edited) edited.focus({ preventScroll: true })
    }
    return {
      busy,
      editing,
      startEditing: setEditing,
      stopEditing,
      edit: async (messageId, text) => {
        const failure = await latest.current.edit(messageId, text)
        if (failure) toast({ text: `${t('editFailed')} ${explain(failure)}` })
        else setEditing(null)
        return failure === null
      },
      showVersion: (_messageId, versionId) => {
        const from = document.activeElement?.getAttribute('data-testid') ?? undefined
        latest.current.showBranch(versionId).then(
          () => void focusSwitch(versionId, from),
          (error: unknown) => toast({ text: explain(error) }),
        )
      },
    }
  }, [busy, editing, toast, explain, t])

  return { messageActions, answerActions, startEditing: setEditing }
}
