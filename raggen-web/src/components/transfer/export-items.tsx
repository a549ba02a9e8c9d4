'use client'

import { Download, FileText } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useTimeZone } from '@/components/time/use-time-zone'
import { MenuItem } from '@/components/ui/menu'

/** Two items of a chat's menu: its text to read, and all of it to import again. */
export function ExportItems({ chatId }: { chatId: string }) {
  const t = useTranslations('transfer.export')
  const timeZone = encodeURIComponent(useTimeZone())
  const path = `/api/chats/${chatId}/export`
  return (
    <>
      <MenuItem asChild>
        <a
          href={`${path}?format=markdown&timeZone=${timeZone}`}
          download
          data-testid="chat-export-markdown"
        >
          <FileText aria-hidden /> {t('markdown')}
        </a>
      </MenuItem>
      <MenuItem asChild>
        <a href={`${path}?format=json`} download data-testid="chat-export-json">
          <Download aria-hidden /> {t('json')}
        </a>
      </MenuItem>
    </>
  )
}
