import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { HomeChat } from '@/components/chat/home-chat'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('chat')
  return { title: t('homeTitle') }
}

export default function HomePage() {
  return <HomeChat />
}
