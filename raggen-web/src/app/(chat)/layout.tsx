import type { ReactNode } from 'react'

import { readShell } from './shell-data'

import { Shell } from '@/components/sidebar/shell'

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const { chats, more, selection } = await readShell()
  return (
    <Shell chats={chats} more={more} selection={selection}>
      {children}
    </Shell>
  )
}
