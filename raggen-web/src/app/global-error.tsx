'use client'

import './globals.css'

type GlobalErrorProps = { error: Error & { digest?: string }; reset: () => void }

/**
 * The last resort: the layout itself broke, and with it the translations. Hence both languages at
 * once, and nothing that could break again.
 */
export default function GlobalError({ reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <title>raggen</title>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-3 px-6">
          <h1 className="text-xl font-semibold">raggen could not show this page</h1>
          <p>Your chats are safe. Try again; if it repeats, the server’s log says more.</p>
          <p lang="ru">
            Не удалось показать страницу. Ваши чаты целы. Попробуйте ещё раз. Если повторится,
            подробности есть в журнале сервера.
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-2 rounded-lg bg-accent px-4 py-2 font-medium text-accent-ink"
          >
            Try again / <span lang="ru">Повторить</span>
          </button>
        </main>
      </body>
    </html>
  )
}
