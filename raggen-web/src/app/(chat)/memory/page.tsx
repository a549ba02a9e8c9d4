import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { readMemory } from './memory-data'

import { MemoryView } from '@/components/memory/memory-view'

type MemoryPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('memory')
  return { title: t('documentTitle') }
}

export default async function MemoryPage({ searchParams }: MemoryPageProps) {
  const { state, chat } = await searchParams
  const { page, ...shown } = await readMemory({ state, chat })
  return <MemoryView initial={page} {...shown} />
}
