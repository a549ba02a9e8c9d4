import { ProviderPicker } from '@/components/providers/provider-picker'
import { SidebarTrigger } from '@/components/sidebar/sidebar-trigger'

/** The chat's title, and who answers in it. A new chat has no title: its welcome is the heading. */
export function ChatHeader({ title }: { title: string | null }) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b border-transparent px-3 md:px-4">
      <SidebarTrigger />
      {title === null ? (
        <div className="flex-1" />
      ) : (
        <h1 className="min-w-0 flex-1 truncate text-[0.9375rem] font-medium md:pl-1">{title}</h1>
      )}
      <ProviderPicker />
    </header>
  )
}
