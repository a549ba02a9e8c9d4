'use client'

import { createContext, useContext } from 'react'
import type { ReactNode } from 'react'

export type MessageActions = {
  /** An answer is being written in this chat: nothing else can be asked for now. */
  busy: boolean
  /** The question that is being edited in its place. */
  editing: string | null
  startEditing: (messageId: string) => void
  stopEditing: () => void
  /** Asks the edited question; resolves to whether the server took it. */
  edit: (messageId: string, text: string) => Promise<boolean>
  /** Shows another version of a message, and what followed it. */
  showVersion: (messageId: string, versionId: string) => void
}

const MessageActionsContext = createContext<MessageActions | null>(null)

/** What can be done with the messages inside of it. */
export function MessageActionsProvider(props: { actions: MessageActions; children: ReactNode }) {
  return <MessageActionsContext value={props.actions}>{props.children}</MessageActionsContext>
}

/** null outside of a conversation: messages can only be read there. */
export function useMessageActions(): MessageActions | null {
  return useContext(MessageActionsContext)
}
