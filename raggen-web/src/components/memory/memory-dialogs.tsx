'use client'

import { CorrectDialog } from './correct-dialog'
import { ForgetDialog } from './forget-dialog'
import type { MemoryItem } from './memory-item'
import { ProofDialog } from './proof-dialog'
import type { MemoryActions } from './use-memory-actions'
import type { Dialogs } from './use-memory-dialogs'

import { useChatSessions } from '@/components/chat/chat-sessions-context'
import { useChatList } from '@/components/chats/chat-list-context'

type MemoryDialogsProps = { dialogs: Dialogs; actions: MemoryActions; onForgotten: () => void }

/** The dialog of the memory page that is open, if one is. */
export function MemoryDialogs({ dialogs, actions, onForgotten }: MemoryDialogsProps) {
  const { open, close } = dialogs
  const list = useChatList()
  const sessions = useChatSessions()

  async function forget(items: MemoryItem[], eraseFromChat: boolean) {
    await actions.forget(
      items.map(({ messageId }) => messageId),
      eraseFromChat,
    )
    // This tab may hold the words still: in a chat that was open, and in a title made of them.
    for (const { chatId } of items) sessions.drop(chatId)
    await list.refresh()
    onForgotten()
    dialogs.prove(items, eraseFromChat)
  }

  switch (open?.kind) {
    case 'correct':
      return (
        <CorrectDialog
          key={open.item.messageId}
          item={open.item}
          onSave={(text) => actions.correct(open.item, text)}
          onClose={close}
        />
      )
    case 'forget':
      return (
        <ForgetDialog
          items={open.items}
          eraseFromChat={open.eraseFromChat}
          onForget={(eraseFromChat) => forget(open.items, eraseFromChat)}
          onClose={close}
        />
      )
    case 'proof':
      return <ProofDialog forgotten={open.forgotten} erased={open.erased} onClose={close} />
    default:
      return null
  }
}
