import { attachment } from '../_http/attachment'
import { handle } from '../_http/handle'

import { exportJson } from '@/transfer/export'

/** Every chat, as src/app/api/import takes them. */
export const GET = handle(async ({ runtime: { store } }) => {
  const at = new Date()
  const name = `raggen-${at.toISOString().slice(0, 10)}.json`
  const chatIds = await store.transfer.chatIds()
  return attachment(name, 'application/json', exportJson(store, chatIds, at))
}, 'heavy')
