'use client'

import { useTranslations } from 'next-intl'

import { Apology } from '@/components/chat/apology'

type ErrorPageProps = { error: Error & { digest?: string }; reset: () => void }

export default function ErrorPage({ reset }: ErrorPageProps) {
  const t = useTranslations('crash')
  return (
    <Apology
      title={t('title')}
      body={t('body')}
      home={t('home')}
      retry={{ label: t('retry'), onRetry: reset }}
    />
  )
}
