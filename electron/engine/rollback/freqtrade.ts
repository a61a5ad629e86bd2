import { z } from 'zod';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { exchange, type HttpAnswer } from './http-exchange';
import { type Attempt, done, failedForGood, failedForNow, type StepAnswer, timedOut } from './ports';

/**
 * Stops a freqtrade bot through its REST interface: log in, stop entries, with `forceExit` force the exit of all open trades, and look
 * until the bot itself shows that it is so. Asking twice does no harm: what is stopped stays stopped, and a trade is exited once.
 */

export type FreqtradeStep = Extract<PlaybookStep, { kind: 'freqtrade' }>;

/** Older versions leave some of it out. */
const configurationSchema = z.object({
  state: z.string().nullish(),
  max_open_trades: z.number().nullish(),
});
const tradesSchema = z.array(z.object({ trade_id: z.union([z.number(), z.string()]).nullish() }));
const tokenSchema = z.object({ access_token: z.string().min(1) });

/** Waits between looks. Newer versions answer 20 of them a minute. */
const looksAfterMs = [200, 400, 800, 1_600] as const;
const laterLooksAfterMs = 3_500;
/** A bot tells some kilobytes of every open trade; bytes. */
const longestAnswer = 16 * 1_024 * 1_024;

export async function stopFreqtrade(step: FreqtradeStep, attempt: Attempt): Promise<StepAnswer> {
  const bot = new Bot(step, attempt);
  try {
    return await stop(bot, step);
  } catch (thrown) {
    if (thrown instanceof Ended) return thrown.answer;
    throw thrown;
  }
}

async function stop(bot: Bot, step: FreqtradeStep): Promise<StepAnswer> {
  await bot.logIn();
  const before = await bot.configuration();
  const stoppedBefore = entriesStopped(before);
  // A bot that is stopped altogether closes nothing; newer versions go from there to "paused" when asked to stop entries, and exit then.
  if (!stoppedBefore || (step.forceExit && before.state === 'stopped' && (await bot.openTrades()) > 0)) {
    await bot.post('stop entries', ['stopentry', 'stopbuy'], null);
  }
  const words = stoppedBefore ? 'entries were stopped already' : 'entries are stopped';
  await bot.until('entries are not stopped yet', async () => entriesStopped(await bot.configuration()));
  const open = await bot.openTrades();
  if (!step.forceExit) return done(`${bot.name}: ${words}; ${tradesWords(open)} open and stay so.`);
  if (open === 0) return done(`${bot.name}: ${words}; no trade is open.`);

  const { state } = await bot.configuration();
  if (state === 'stopped')
    throw new Ended(
      failedForNow(
        `${bot.name}: the bot is stopped, and a stopped bot closes nothing: ${tradesWords(open)} open. Close them on the exchange.`,
      ),
    );
  await bot.post('force the exit of all trades', ['forceexit', 'forcesell'], { tradeid: 'all' });
  let left = open;
  await bot.until(
    () => `${left} of ${open} trades are still open`,
    async () => {
      left = await bot.openTrades();
      return left === 0;
    },
  );
  // Somebody may have let entries in again while trades were being closed.
  if (!entriesStopped(await bot.configuration()))
    return failedForNow(`${bot.name}: all trades are closed, but entries are allowed again.`);
  return done(`${bot.name}: ${words}; ${tradesWords(open)} closed, none is open.`);
}

type Configuration = z.infer<typeof configurationSchema>;

/**
 * Newer versions pause the bot; older ones set the highest number of open trades to 0. While the configuration is being read again neither
 * is settled.
 */
function entriesStopped({ state, max_open_trades }: Configuration): boolean {
  if (state === 'paused' || state === 'stopped') return true;
  return state !== 'reload_config' && max_open_trades === 0;
}

function tradesWords(count: number): string {
  return count === 1 ? '1 trade is' : `${count === 0 ? 'no' : count} trades are`;
}

/** Carries the answer out of a conversation that cannot go on. */
class Ended extends Error {
  constructor(readonly answer: StepAnswer) {
    super(answer.detail);
  }
}

class Bot {
  readonly name: string;
  readonly #base: string;
  #token = '';
  #looks = 0;

  constructor(
    private readonly step: FreqtradeStep,
    private readonly attempt: Attempt,
  ) {
    const url = new URL(step.url);
    this.name = url.host;
    this.#base = `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`;
  }

  async logIn(): Promise<void> {
    const password = await this.attempt.reveal(this.step.password);
    const basic = Buffer.from(`${this.step.username}:${password}`, 'utf8').toString('base64');
    this.attempt.hide(basic);
    const answer = this.#whole('log in', await this.#send('POST', 'token/login', `Basic ${basic}`, null));
    if (answer.status === 401 || answer.status === 403)
      throw new Ended(failedForGood(`${this.name}: the bot refuses the user name or the password.`));
    if (answer.status === 404)
      throw new Ended(failedForGood(`${this.name}: there is no freqtrade REST interface at this address.`));
    const token = this.#read('log in', answer, tokenSchema).access_token;
    this.attempt.hide(token);
    this.#token = token;
  }

  async configuration(): Promise<Configuration> {
    const configuration = await this.#get('tell its state', 'show_config', configurationSchema);
    if (configuration.state == null && configuration.max_open_trades == null)
      throw new Ended(failedForNow(`${this.name}: the bot does not say whether it enters trades.`));
    return configuration;
  }

  /** How many trades are open. */
  async openTrades(): Promise<number> {
    return (await this.#get('tell its open trades', 'status', tradesSchema)).length;
  }

  /** Asks for something under its name of today, and under its older one where the bot does not know that. */
  async post(what: string, [path, older]: readonly [string, string], body: object | null): Promise<void> {
    const bearer = `Bearer ${this.#token}`;
    let answer = this.#whole(what, await this.#send('POST', path, bearer, body));
    if (answer.status === 404 || answer.status === 405)
      answer = this.#whole(what, await this.#send('POST', older, bearer, body));
    this.#read(what, answer, z.unknown());
  }

  /** Looks until it is so; the attempt's time bounds it. */
  async until(notYet: string | (() => string), look: () => Promise<boolean>): Promise<void> {
    for (this.#looks = 0; !(await look()); this.#looks++) {
      await this.attempt.wait(looksAfterMs[this.#looks] ?? laterLooksAfterMs, this.attempt.signal);
      if (this.attempt.signal.aborted) {
        const words = typeof notYet === 'string' ? notYet : notYet();
        throw new Ended(timedOut(`${this.name}: ${words} after ${this.step.timeoutMs} ms.`));
      }
    }
  }

  async #get<T>(what: string, path: string, schema: z.ZodType<T>): Promise<T> {
    for (;;) {
      const answer = this.#whole(what, await this.#send('GET', path, `Bearer ${this.#token}`, null));
      if (answer.status !== 429) return this.#read(what, answer, schema);
      await this.attempt.wait(answer.retryAfterMs ?? laterLooksAfterMs, this.attempt.signal);
    }
  }

  #send(method: 'GET' | 'POST', path: string, authorization: string, body: object | null): Promise<HttpAnswer> {
    return exchange({
      method,
      url: new URL(`${this.#base}/${path}`),
      headers: {
        Accept: 'application/json',
        Authorization: authorization,
        'Idempotency-Key': this.attempt.idempotencyKey,
        ...(body !== null && { 'Content-Type': 'application/json' }),
      },
      body: method === 'GET' ? null : body === null ? '' : JSON.stringify(body),
      signal: this.attempt.signal,
      longestBody: longestAnswer,
    });
  }

  /** The answer, or the end of the conversation where none came. */
  #whole(what: string, answer: HttpAnswer): Extract<HttpAnswer, { kind: 'answer' }> {
    switch (answer.kind) {
      case 'answer':
        return answer;
      case 'timed-out':
        throw new Ended(
          timedOut(`${this.name}: asked to ${what}, the bot had not answered after ${this.step.timeoutMs} ms.`),
        );
      case 'broken':
        throw new Ended(failedForNow(`The bot cannot be reached. ${answer.what}`));
    }
  }

  #read<T>(what: string, answer: Extract<HttpAnswer, { kind: 'answer' }>, schema: z.ZodType<T>): T {
    const { status, body, cut } = answer;
    const said = body.trim() === '' ? '' : `: ${this.attempt.quote(body, cut)}`;
    if (status >= 300 && status < 400)
      throw new Ended(failedForGood(`${this.name}: answered ${status}: it sends elsewhere, and that is not followed.`));
    if (status < 200 || status >= 300)
      throw new Ended(
        failedForNow(
          `${this.name}: asked to ${what}, the bot answered ${status}${said}`,
          answer.retryAfterMs ?? undefined,
        ),
      );
    const parsed = schema.safeParse(jsonOf(body));
    if (parsed.success && !cut) return parsed.data;
    throw new Ended(
      failedForNow(`${this.name}: asked to ${what}, the bot answered something that cannot be read${said}`),
    );
  }
}

/** Undefined where it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
