import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'

import { readChat } from '../../shell-data'

import { ChatView } from '@/components/chat/chat-view'

type ChatPageProps = { params: Promise<{ chatId: string }> }

/** Once per request, for the title and the page. */
const load = cache(readChat)

export async function generateMetadata({ params }: ChatPageProps): Promise<Metadata> {
  const t = await getTranslations()
  const loaded = await load((await params).chatId)
  if (!loaded) return { title: t('notFound.chatTitle') }
  return {
    title: t('chat.documentTitle', { title: loaded.chat.title || t('sidebar.untitled') }),
  }
}

export default async function ChatPage({ params }: ChatPageProps) {
  const { chatId } = await params
  const loaded = await load(chatId)
  if (!loaded) notFound()
  return (
    <ChatView
      key={chatId}
      chatId={chatId}
      initial={loaded.shown}
      title={loaded.chat.title}
      draftName={chatId}
      selection={loaded.selection}
    />
  )
}
