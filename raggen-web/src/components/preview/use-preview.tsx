'use client'

import { useState, type ReactNode } from 'react'

import { PreviewDialog } from './preview-dialog'

import { useChatSettings } from '@/components/settings/use-chat-settings'

type Asked = { text: string; parentId: string | null | undefined; answer: (send: boolean) => void }

/**
 * For the composer: `confirm(text)` shows what would be sent where the chat's settings ask for it,
 * and says whether to send. Render `dialog` anywhere in the composer.
 */
export function usePreview(
  chatId: string,
  isNew: boolean,
): { confirm: (text: string, parentId?: string | null) => Promise<boolean>; dialog: ReactNode } {
  const { effective, own, settled } = useChatSettings(chatId, isNew)
  const [asked, setAsked] = useState<Asked | null>(null)

  async function confirm(text: string, parentId?: string | null): Promise<boolean> {
    if (!effective?.context.preview) return true
    return new Promise((answer) => setAsked({ text, parentId, answer }))
  }

  function settle(send: boolean) {
    asked?.answer(send)
    setAsked(null)
  }

  return {
    confirm,
    dialog: asked && (
      <PreviewDialog
        chatId={chatId}
        isNew={isNew}
        text={asked.text}
        parentId={asked.parentId}
        settings={own}
        // What was just changed in the dialog has to hold for this very message.
        onSend={() => void settled().then(() => settle(true))}
        onCancel={() => settle(false)}
      />
    ),
  }
}
