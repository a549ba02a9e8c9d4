'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

import { requestJson } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'
import type { GoldenQuestion } from '@/components/api/wire'
import { useToasts } from '@/components/ui/toasts'

/** The golden questions; null until they are read. */
export function useGoldenList() {
  const t = useTranslations('golden')
  const explain = useFailure()
  const toast = useToasts()
  const [golden, setGolden] = useState<GoldenQuestion[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  const load = useCallback(
    () =>
      requestJson<{ golden: GoldenQuestion[] }>('/api/quality/golden').then(
        (read) => {
          setGolden(read.golden)
          setFailure(null)
        },
        (error: unknown) => setFailure(error),
      ),
    [],
  )
  useEffect(() => void load(), [load])

  /** Whether it is gone; then from the page, too. */
  async function remove({ questionId }: GoldenQuestion): Promise<boolean> {
    try {
      await requestJson(`/api/messages/${questionId}/golden`, { method: 'DELETE' })
    } catch (error) {
      toast({ text: `${t('failed')} ${explain(error)}` })
      return false
    }
    flushSync(() => {
      setGolden((all) => all?.filter((one) => one.questionId !== questionId) ?? null)
    })
    return true
  }

  return { golden, failure, load, remove }
}
