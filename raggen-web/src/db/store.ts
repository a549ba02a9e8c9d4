import { createChats, type Chats } from './chats'
import { openDatabase } from './database'
import { createIndexed, type IndexedStore } from './indexed'
import { createMemory, type MemoryStore } from './memory'
import { createMessages, type Messages } from './messages'
import { migrate } from './migrate'
import { createOutbox, type Outbox } from './outbox'
import { createProviders, type Providers } from './providers'
import { createReceipts, type Receipts } from './receipts'
import { createSearch, type Search } from './search'
import { openSecrets } from './secrets'
import { createSettings, type Settings } from './settings'
import { createTransfer, type Transfer } from './transfer'

/** Everything that is kept, a repository a noun. */
export type Store = {
  chats: Chats
  messages: Messages
  memory: MemoryStore
  receipts: Receipts
  outbox: Outbox
  indexed: IndexedStore
  providers: Providers
  settings: Settings
  search: Search
  transfer: Transfer
  /** Names of the migrations that opening applied. */
  migrated: string[]
  close: () => Promise<void>
}

export type StoreOptions = {
  /** Absolute path of the SQLite file. */
  path: string
  secretFile: string
  migrationsFolder: string
}

/** @throws StartFailure with a sentence that says what to do. */
export function openStore({ path, secretFile, migrationsFolder }: StoreOptions): Store {
  const migrated = migrate(path, migrationsFolder)
  const secrets = openSecrets(secretFile)
  const database = openDatabase(path)
  return {
    chats: createChats(database),
    messages: createMessages(database),
    memory: createMemory(database),
    receipts: createReceipts(database),
    outbox: createOutbox(database),
    indexed: createIndexed(database),
    providers: createProviders(database, secrets),
    settings: createSettings(database),
    search: createSearch(database),
    transfer: createTransfer(database),
    migrated,
    close: database.close,
  }
}
