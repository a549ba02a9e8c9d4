import app from './ru/app.json'
import chatMenu from './ru/chat-menu.json'
import chat from './ru/chat.json'
import composer from './ru/composer.json'
import context from './ru/context.json'
import crash from './ru/crash.json'
import dates from './ru/dates.json'
import errors from './ru/errors.json'
import failure from './ru/failure.json'
import golden from './ru/golden.json'
import language from './ru/language.json'
import memory from './ru/memory.json'
import message from './ru/message.json'
import notFound from './ru/not-found.json'
import preview from './ru/preview.json'
import providers from './ru/providers.json'
import quotations from './ru/quotations.json'
import ratings from './ru/ratings.json'
import receipt from './ru/receipt.json'
import search from './ru/search.json'
import settings from './ru/settings.json'
import shortcuts from './ru/shortcuts.json'
import sidebar from './ru/sidebar.json'
import status from './ru/status.json'
import theme from './ru/theme.json'
import transfer from './ru/transfer.json'
import welcome from './ru/welcome.json'

/** Every sentence that a person reads, a file a noun. */
const sentences = {
  app,
  chat,
  chatMenu,
  composer,
  context,
  crash,
  dates,
  errors,
  failure,
  golden,
  language,
  memory,
  message,
  notFound,
  preview,
  providers,
  quotations,
  ratings,
  receipt,
  settings,
  search,
  shortcuts,
  sidebar,
  status,
  theme,
  transfer,
  welcome,
}

export default sentences
