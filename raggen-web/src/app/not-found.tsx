import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { Apology } from '@/components/chat/apology'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('notFound')
  return { title: t('title') }
}

export default async function NotFound() {
  const t = await getTranslations('notFound')
  return (
    <div className="flex min-h-dvh flex-col">
      <Apology title={t('title')} body={t('body')} home={t('home')} />
    </div>
  )
}
