import { EyeOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { SidebarTrigger } from '@/components/sidebar/sidebar-trigger'

type ChatHeaderProps = {
  /** null: a new chat has no title, its welcome is the heading. */
  title: string | null
  /** Nothing said here is recalled. */
  excluded: boolean
}

/** The chat's title, and whether memory is kept out of it. */
export function ChatHeader({ title, excluded }: ChatHeaderProps) {
  const t = useTranslations('chat')
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 px-3 md:px-4">
      <SidebarTrigger />
      {title !== null && (
        <h1 className="min-w-0 truncate text-[0.9375rem] font-medium md:pl-1">{title}</h1>
      )}
      {excluded && (
        <p className="flex shrink-0 items-center gap-1.5 rounded-full bg-hover px-2.5 py-1 text-xs text-muted">
          <EyeOff aria-hidden className="size-3.5" />
          {t('excluded')}
        </p>
      )}
    </header>
  )
}
