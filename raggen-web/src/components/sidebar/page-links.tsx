'use client'

import { BookMarked, Keyboard, Settings } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'

import { useShortcuts } from './shortcuts-context'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'

const PAGES = [
  { href: '/memory', name: 'memory', Icon: BookMarked },
  { href: '/settings', name: 'settingsPage', Icon: Settings },
] as const

/** The ways to memory and settings, and the list of keys. */
export function PageLinks() {
  const t = useTranslations('sidebar')
  const pathname = usePathname()
  const showShortcuts = useShortcuts()
  return (
    <nav aria-label={t('pages')} className="-mx-1 flex items-center gap-0.5">
      {PAGES.map(({ href, name, Icon }) => (
        <Button
          key={href}
          asChild
          look="quiet"
          size="small"
          className={cn('px-2', pathname === href && 'bg-hover text-ink')}
        >
          <Link
            href={href}
            prefetch={false}
            aria-current={pathname === href ? 'page' : undefined}
            data-testid={`page-${href.slice(1)}`}
          >
            <Icon aria-hidden />
            {t(name)}
          </Link>
        </Button>
      ))}
      <IconButton
        label={t('shortcuts')}
        shortcut="Ctrl+/"
        onClick={showShortcuts}
        data-testid="shortcuts-open"
        className="ml-auto pointer-coarse:hidden"
      >
        <Keyboard aria-hidden />
      </IconButton>
    </nav>
  )
}
