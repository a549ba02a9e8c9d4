import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What Prometheus is told. The lowest layer: any module may import it and observe. Labels are names
 * that the code knows (routes' templates, kinds of answerers, codes of errors), never ids, addresses
 * or texts, nor models, whose names people write.
 */
const PREFIX = 'raggen_web_'
/** In seconds: raggen's own work takes milliseconds, a model's answer minutes. */
const OWN = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const ANSWER = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320]
const COUNTS = [0, 1, 2, 3, 5, 8, 12, 20, 50]

function makers(registry: Registry) {
  const registers = [registry]
  return {
    counter: <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
      new Counter<L>({ name: PREFIX + name, help, labelNames, registers }),
    gauge: <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
      new Gauge<L>({ name: PREFIX + name, help, labelNames, registers }),
    histogram: <L extends string = never>(
      name: string,
      help: string,
      buckets: number[],
      labelNames: L[] = [],
    ) => new Histogram<L>({ name: PREFIX + name, help, labelNames, buckets, registers }),
  }
}
type Makers = ReturnType<typeof makers>

/** Counted as it happens. */
function observed({ counter, gauge, histogram }: Makers) {
  return {
    requests: counter('requests_total', 'Requests answered.', ['route', 'method', 'status']),
    requestSeconds: histogram(
      'request_seconds',
      "Time from a request's arrival to the end of its response; of a streamed answer, all of it.",
      [...OWN, 30, 60, 300],
      ['route'],
    ),
    refused: counter('refused_total', 'Requests and answers refused by a limit.', ['limit']),
    answers: counter('answers_total', 'Answers, by who answered and how it ended.', [
      'kind',
      'outcome',
    ]),
    answerFailures: counter(
      'answer_failures_total',
      'Answers that failed, or came with a reservation, by the code that the page explains.',
      ['kind', 'code'],
    ),
    answerSeconds: histogram(
      'answer_seconds',
      'Time from a question to its whole answer, kept.',
      ANSWER,
      ['kind'],
    ),
    ownSeconds: histogram(
      'own_seconds',
      "raggen's own part of that: storing, retrieval, prompt, keeping.",
      OWN,
      ['kind'],
    ),
    firstWordsSeconds: histogram(
      'first_words_seconds',
      'Time from a question to the first words of its answer.',
      ANSWER,
      ['kind'],
    ),
    providerFirstWordsSeconds: histogram(
      'provider_first_words_seconds',
      "The provider's part of that: from being asked to its first words.",
      ANSWER,
      ['kind'],
    ),
    providerSeconds: histogram(
      'provider_seconds',
      "The provider's part of an answer: from being asked to its end.",
      ANSWER,
      ['kind'],
    ),
    providerRetries: counter('provider_retries_total', 'Times a provider was asked once more.', [
      'kind',
    ]),
    retrievals: counter('retrievals_total', 'Searches for context, by what came of them.', [
      'outcome',
    ]),
    retrievalSeconds: histogram('retrieval_seconds', 'Time of a search for context.', OWN),
    contextItems: histogram('context_items', 'Pieces of memory that an answer stood on.', COUNTS),
    breakerOpen: gauge(
      'breaker_open',
      '1 while raggen-embed is not even asked, because it left searches unanswered.',
    ),
    breakerOpened: counter('breaker_opened_total', 'Times that the breaker opened.'),
    handedOver: counter('handed_over_total', 'Items handed to raggen-embed, by what came of it.', [
      'op',
      'result',
    ]),
  }
}

type Observed = ReturnType<typeof observed>

/** Looked up when somebody asks. */
function looked({ gauge }: Makers) {
  return {
    ready: gauge('ready', '1 when the database answers.'),
    build: gauge('build_info', 'Always 1; the version is a label.', ['version']),
    answersUnderWay: gauge('answers_under_way', 'Answers that are being written.'),
    outboxRows: gauge('outbox_rows', 'Changes that raggen-embed has not taken yet.'),
    outboxOldestSeconds: gauge('outbox_oldest_seconds', 'Age of the oldest of those.'),
    chats: gauge('chats', 'Chats that are shown.'),
    messages: gauge('messages', 'Messages, questions and answers, on all branches.'),
    items: gauge('items', 'Messages to remember, by how far that is: pending, indexed, failed.', [
      'state',
    ]),
    databaseBytes: gauge('database_bytes', 'Size of the database on the disk.'),
    diskFreeBytes: gauge('disk_free_bytes', "Free space on the disk of raggen-web's data."),
  }
}

function makeMeters() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const make = makers(registry)
  const made = { registry, ...observed(make), ...looked(make) }
  beginAtZero(made)
  return made
}

/** A series that appears with its first 1 has not grown, as Prometheus sees it: these are there before. */
function beginAtZero({ answers, retrievals, handedOver, refused }: Observed): void {
  for (const kind of ['quotations', 'local', 'openai', 'yandexgpt', 'gigachat']) {
    for (const outcome of ['complete', 'stopped', 'interrupted', 'failed']) {
      answers.inc({ kind, outcome }, 0)
    }
  }
  const unanswered = ['timed_out', 'breaker_open', 'down', 'refused']
  for (const outcome of ['used', 'nothing_relevant', 'empty', ...unanswered]) {
    retrievals.inc({ outcome }, 0)
  }
  for (const op of ['upsert', 'delete']) {
    for (const result of ['taken', 'refused', 'postponed']) handedOver.inc({ op, result }, 0)
  }
  for (const limit of ['ask', 'heavy', 'write', 'read', 'answers']) refused.inc({ limit }, 0)
}
export type Meters = ReturnType<typeof makeMeters>

/** Next bundles start-up and routes apart: the process's global object is all they share. */
const KEY = Symbol.for('raggen.meters')
type Place = { [KEY]?: Meters }

/** The process's own. Several runtimes in one process, as in tests, share them. */
export function meters(): Meters {
  return ((globalThis as Place)[KEY] ??= makeMeters())
}
