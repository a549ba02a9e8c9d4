import type { ReactNode } from 'react'

import { readShell } from './shell-data'

import { Shell } from '@/components/sidebar/shell'

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const { chats, selection } = await readShell()
  return (
    <Shell chats={chats} selection={selection}>
      {children}
    </Shell>
  )
}
