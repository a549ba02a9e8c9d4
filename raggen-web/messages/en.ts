import app from './en/app.json'
import chatMenu from './en/chat-menu.json'
import chat from './en/chat.json'
import composer from './en/composer.json'
import context from './en/context.json'
import crash from './en/crash.json'
import dates from './en/dates.json'
import errors from './en/errors.json'
import failure from './en/failure.json'
import golden from './en/golden.json'
import language from './en/language.json'
import memory from './en/memory.json'
import message from './en/message.json'
import notFound from './en/not-found.json'
import preview from './en/preview.json'
import providers from './en/providers.json'
import quotations from './en/quotations.json'
import ratings from './en/ratings.json'
import receipt from './en/receipt.json'
import search from './en/search.json'
import settings from './en/settings.json'
import shortcuts from './en/shortcuts.json'
import sidebar from './en/sidebar.json'
import status from './en/status.json'
import theme from './en/theme.json'
import transfer from './en/transfer.json'
import welcome from './en/welcome.json'

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
