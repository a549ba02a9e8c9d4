import { getTranslations } from 'next-intl/server'

import { Apology } from '@/components/chat/apology'
import { SidebarTrigger } from '@/components/sidebar/sidebar-trigger'

export default async function ChatNotFound() {
  const t = await getTranslations('notFound')
  return (
    <>
      <header className="flex h-14 shrink-0 items-center px-3 md:hidden">
        <SidebarTrigger />
      </header>
      <Apology title={t('chatTitle')} body={t('chatBody')} home={t('home')} />
    </>
  )
}
