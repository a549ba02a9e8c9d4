import { createChats, type Chats } from './chats'
import { createFigures, type FiguresStore } from './figures'
import { createGolden, type GoldenStore } from './golden'
import { createIndexed, type IndexedStore } from './indexed'
import type { Location } from './location'
import { createMemory, type MemoryStore } from './memory'
import { createMessages, type Messages } from './messages'
import { openDatabase } from './open'
import { createOutbox, type Outbox } from './outbox'
import { createProviders, type Providers } from './providers'
import { createRatings, type Ratings } from './ratings'
import { createReceipts, type Receipts } from './receipts'
import { createSearch, type Search } from './search'
import { openSecrets } from './secrets'
import { createSettings, type Settings } from './settings'
import { createStatistics, type Statistics } from './statistics'
import { createTransfer, type Transfer } from './transfer'

/** Everything that is kept, a repository a noun. */
export type Store = {
  chats: Chats
  messages: Messages
  memory: MemoryStore
  receipts: Receipts
  ratings: Ratings
  golden: GoldenStore
  figures: FiguresStore
  outbox: Outbox
  indexed: IndexedStore
  providers: Providers
  settings: Settings
  search: Search
  transfer: Transfer
  statistics: Statistics
  close: () => Promise<void>
}

/**
 * Opens a database that is held (open.ts), with the key file of what is encrypted in it.
 *
 * @throws StartFailure with a sentence that says what to do.
 */
export function openStore(location: Location, secretFile: string): Store {
  const secrets = openSecrets(secretFile)
  const database = openDatabase(location)
  return {
    chats: createChats(database),
    messages: createMessages(database),
    memory: createMemory(database),
    receipts: createReceipts(database),
    ratings: createRatings(database),
    golden: createGolden(database),
    figures: createFigures(database),
    outbox: createOutbox(database),
    indexed: createIndexed(database),
    providers: createProviders(database, secrets),
    settings: createSettings(database),
    search: createSearch(database),
    transfer: createTransfer(database),
    statistics: createStatistics(database, location, secretFile),
    close: database.close,
  }
}
