import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileJournal, freqtradeStep, killSwitchStep, webhookStep } from './rollback-journal';
import { openTarget, targetSecrets } from './rollback-target';

/** Kills processes in the middle of rollbacks until every rollback has ended, and says what is wrong with any of them. */

export interface KillTally {
  readonly kills: number;
  readonly rollbacks: number;
  readonly rolledBack: number;
  readonly failedLoud: number;
  /** Requests that repeated an idempotency key: interrupted attempts that had reached the target. */
  readonly repeated: number;
  readonly interrupted: number;
  readonly problems: readonly string[];
}

/** How many rollbacks go on side by side. */
const lanes = 4;

/** @param folder for the journals @param program the bundled `rollback-process.ts` */
export async function killRollbacks(
  kills: number,
  folder: string,
  program: string,
  random: () => number,
  told: (done: number) => void = () => undefined,
): Promise<KillTally> {
  // Every eighth rollback has a target that refuses for good: it has to end as failed, and say so.
  const refusing = (name: string) => Number(name) % 8 === 7;
  const target = await openTarget({ refusing });
  const tally = { kills: 0, rollbacks: 0, rolledBack: 0, failedLoud: 0, repeated: 0, interrupted: 0 };
  const problems: string[] = [];
  let next = 0;
  // Time of one whole run from the process's first word to its end, ms; follows what is seen.
  let runMs = 60;

  /** Runs the process; kills it after so long, null = not. Returns whether it was killed, and what it said. */
  async function run(file: string, delayMs: number | null) {
    const child = spawn(process.execPath, [program, file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...targetSecrets },
    });
    let said = '';
    child.stderr.on('data', (part) => {
      said += String(part);
    });
    const ended = once(child, 'close');
    let started: number | null = null;
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (part) => {
      said += String(part);
      if (started !== null) return;
      started = performance.now();
      if (delayMs !== null) timer = setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    await ended;
    clearTimeout(timer);
    const killed = child.signalCode === 'SIGKILL';
    if (!killed && started !== null) runMs = runMs * 0.9 + (performance.now() - started) * 0.1;
    return { killed, said };
  }

  async function one(number: number): Promise<void> {
    const name = String(number);
    const journal = new FileJournal(join(folder, `${name}.jsonl`));
    const killSwitch = join(folder, `${name}.stop`);
    const steps = [
      killSwitchStep(killSwitch),
      webhookStep(target.url(name, '/hook')),
      freqtradeStep(target.url(name), true),
    ];
    await journal.begin(steps, `rollback-${name}`);
    let last = '';
    for (let round = 0; ; round++) {
      // At most three kills in a row, so that no rollback goes on for ever.
      const { killed, said } = await run(
        journal.file,
        round < 3 && tally.kills < kills ? random() * runMs * 1.1 : null,
      );
      last = said;
      if (killed) {
        tally.kills++;
        if (tally.kills % 100 === 0) told(tally.kills);
      } else break;
    }
    tally.rollbacks++;
    const problem = (what: string) => problems.push(`rollback ${name}: ${what}`);
    const events = (await journal.read()).map(({ event }) => event);
    const { stage } = await journal.deployment(); // folds: every event was possible when it was written
    const seen = target.of(name);
    const interrupted = events.filter((event) => event.kind === 'step-ended' && event.outcome === 'interrupted').length;
    tally.interrupted += interrupted;
    if (events.filter(({ kind }) => kind === 'rollback-ended').length !== 1) problem('has not ended once');
    const file = await readFile(killSwitch, 'utf8').catch(() => '');
    if (!file.includes(`"idempotencyKey": "rollback-${name}:kill-switch"`) || !file.endsWith('}\n'))
      problem('its kill-switch file is not whole');
    if (refusing(name)) {
      if (stage !== 'rollback-failed') problem(`${stage}, though its targets refused`);
      else tally.failedLoud++;
      // A process that found the rollback ended already has nothing left to say.
      if (!last.includes('hook, bot') && !last.includes('"missing":["hook","bot"]') && !last.includes('null'))
        problem(`failed without a word: ${last}`);
      return;
    }
    if (stage === 'rolled-back') tally.rolledBack++;
    else problem(`ended as ${stage}: ${last}`);
    const hook = seen.hooks.get(`rollback-${name}:hook`);
    if (seen.hooks.size !== 1 || hook?.acted !== 1) problem(`the hook acted ${seen.hooks.size} times`);
    if (seen.forged > 0) problem('a signature was wrong');
    tally.repeated += (hook?.asked ?? 1) - 1;
    if ((hook?.asked ?? 0) > 1 + interrupted) problem(`the hook was asked ${hook?.asked} times`);
    if (seen.state !== 'paused' || seen.open.size > 0) problem('the bot goes on');
    if ([1, 2, 3].some((trade) => seen.exits.get(trade) !== 1)) problem('a trade was not exited once');
  }

  try {
    await Promise.all(
      Array.from({ length: Math.min(lanes, kills) }, async () => {
        while (tally.kills < kills) await one(next++);
      }),
    );
  } finally {
    await target.close();
  }
  return { ...tally, problems };
}
