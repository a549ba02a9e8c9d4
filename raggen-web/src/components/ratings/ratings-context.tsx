'use client'

import { useTranslations } from 'next-intl'
import {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'

import type { Rating } from '@/chat/message'
import { requestJson } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'
import { useToasts } from '@/components/ui/toasts'

type Ratings = {
  /** By address: what was rated in this tab, so that it outlives the row that showed it. */
  given: ReadonlyMap<string, Rating | null>
  rate: (path: string, rating: Rating | null, before: Rating | null) => void
}

const RatingsContext = createContext<Ratings | null>(null)

/** What is stored at one address, as far as this tab knows, and the presses on their way to it. */
type Stored = { rating: Rating | null; presses: number; sent: Promise<void> }

/**
 * Keeps and stores thumbs, those of one address in the order in which they were pressed. One that is
 * not stored is taken back, unless another was pressed since, and a toast says so.
 */
export function RatingsProvider({ children }: { children: ReactNode }) {
  const t = useTranslations('ratings')
  const explain = useFailure()
  const toast = useToasts()
  const [given, setGiven] = useState<ReadonlyMap<string, Rating | null>>(new Map())

  const stored = useRef(new Map<string, Stored>())

  const rate = useCallback<Ratings['rate']>(
    (path, rating, before) => {
      const set = (value: Rating | null) => setGiven((all) => new Map(all).set(path, value))
      const known = stored.current.get(path)
      const entry = known ?? { rating: before, presses: 0, sent: Promise.resolve() }
      stored.current.set(path, entry)
      const press = (entry.presses += 1)
      set(rating)
      const put = () => requestJson(path, { method: 'PUT', body: { rating } })
      entry.sent = entry.sent.then(put).then(
        () => void (entry.rating = rating),
        (failure: unknown) => {
          if (press === entry.presses) set(entry.rating)
          toast({ text: `${t('failed')} ${explain(failure)}` })
        },
      )
    },
    [explain, t, toast],
  )

  const value = useMemo(() => ({ given, rate }), [given, rate])
  return <RatingsContext value={value}>{children}</RatingsContext>
}

/** A thumb as it stands, and how to press one; null outside of the app's frame: nothing can be rated. */
export function useRating(path: string, stored: Rating | undefined) {
  const ratings = useContext(RatingsContext)
  if (!ratings) return null
  const rating = ratings.given.get(path) ?? (ratings.given.has(path) ? null : (stored ?? null))
  return {
    rating,
    /** Pressed again, a thumb is taken back. */
    press: (thumb: Rating) => ratings.rate(path, rating === thumb ? null : thumb, rating),
  }
}

/** Thumbs given in this tab, by address. */
export function useGivenRatings(): ReadonlyMap<string, Rating | null> {
  return useContext(RatingsContext)?.given ?? NONE
}

const NONE = new Map<string, Rating | null>()
