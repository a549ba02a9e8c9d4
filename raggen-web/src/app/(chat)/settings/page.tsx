import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { SettingsPage } from '@/components/settings/settings-page'
import { runtime } from '@/runtime'

// Settings are what they are when the page is asked for, not when it was built.
export const dynamic = 'force-dynamic'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings')
  return { title: t('documentTitle') }
}

export default async function Page() {
  return <SettingsPage initial={await runtime().store.settings.defaults()} />
}
