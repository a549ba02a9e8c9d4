import Link from 'next/link'

import { Mark } from '@/components/brand/mark'
import { Button } from '@/components/ui/button'

type ApologyProps = {
  title: string
  body: string
  /** The words on the way back to a new chat. */
  home: string
  retry?: { label: string; onRetry: () => void }
}

/** A whole page that says what is wrong and where to go from here. */
export function Apology({ title, body, home, retry }: ApologyProps) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 flex-col items-center justify-center px-6 pb-24 text-center outline-none"
    >
      <Mark className="size-10" />
      <h1 className="mt-5 text-xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-2 max-w-sm text-balance text-muted">{body}</p>
      <div className="mt-6 flex flex-wrap justify-center gap-2">
        {retry && (
          <Button look="primary" onClick={retry.onRetry}>
            {retry.label}
          </Button>
        )}
        <Button asChild look={retry ? 'outline' : 'primary'}>
          <Link href="/">{home}</Link>
        </Button>
      </div>
    </main>
  )
}
