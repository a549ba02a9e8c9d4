'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => {}

export const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Whether keys are named as Apple does; the server cannot know, so false until the page stands. */
export function useIsApple(): boolean {
  return useSyncExternalStore(never, isApple, () => false)
}
