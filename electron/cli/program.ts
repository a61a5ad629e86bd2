import { Argument, Command, CommanderError, Option } from 'commander';
import { toFailure } from '../../shared/base/errors';
import { calibrationFormats } from '../../shared/parity/calibration-export';
import { reportFormats } from '../engine/reports/report-service';
import type { TaskRunner } from '../engine/worker/tasks';
import { exportTrail, verifyTrail } from './commands/audit';
import { backup, restore } from './commands/backup';
import { type CalibrateOptions, calibrateBacktest } from './commands/calibrate';
import {
  createDeployment,
  type Decision,
  type DecisionOptions,
  decide,
  drill,
  history,
  line,
  type MonitorOptions,
  monitor,
  type RecordOptions,
  recordFigure,
  rollBack,
  type StatusOptions,
  status,
} from './commands/canary';
import { type CheckOptions, check } from './commands/check';
import { type CompareOptions, compare } from './commands/compare';
import { doctor } from './commands/doctor';
import { type ExplainOptions, explain } from './commands/explain';
import { type FollowOptions, follow, type WatchOptions, watch } from './commands/follow';
import { listFormats } from './commands/formats';
import { type ImportOptions, importFiles } from './commands/import';
import { type MapsOptions, mapActions, maps } from './commands/maps';
import { listMerged, type MergedOptions } from './commands/merged';
import {
  dismissQuarantine,
  listQuarantine,
  type QuarantineListOptions,
  type QuarantineRetryOptions,
  reopenQuarantine,
  retryQuarantine,
} from './commands/quarantine';
import { type ReportOptions, writeReport } from './commands/report';
import { sample } from './commands/sample';
import { type ServeOptions, serve } from './commands/serve';
import { changeSettings, type SettingsOptions } from './commands/settings';
import { type StatisticsOptions, writeStatistics } from './commands/statistics';
import { createSession, type Session, version } from './session';
import { exitCode, type Terminal, usageFailure, writeFailure } from './terminal';

export interface RunOptions {
  readonly terminal: Terminal;
  /** The bundled worker. */
  readonly workerScript: URL;
  /** Folder of the built page, for `serve`. */
  readonly rendererRoot: URL;
  /** In place of the worker; for tests. */
  readonly tasks?: () => TaskRunner;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
}

/** Runs one command line (without node and script) and returns its exit code. Never throws. */
export async function runCommandLine(argv: readonly string[], options: RunOptions): Promise<number> {
  const { terminal } = options;
  const json = argv.includes('--json');
  let code: number = exitCode.done;

  /** Runs a command with its session; a failure becomes the error output and exit code 1. */
  const act =
    (
      work: (
        session: Session,
        given: GlobalOptions,
        words: readonly (string | readonly string[] | undefined)[],
      ) => Promise<number> | number,
    ) =>
    async (...received: unknown[]) => {
      // commander calls with the arguments, the options and the command, in this order.
      const command = received.at(-1) as Command;
      const given = command.optsWithGlobals<GlobalOptions>();
      const words = received.slice(0, -2) as (string | readonly string[] | undefined)[];
      const session = createSession({
        terminal,
        json: given.json === true,
        dataDirectory: given.dataDir ?? null,
        tasks: options.tasks ?? null,
        workerScript: options.workerScript,
      });
      code = await work(session, given, words);
    };

  const program = new Command('lockstep')
    .description('Does the strategy trade live as its backtest said, and where does the money go if not.')
    .version(version, '-V, --version')
    .helpCommand(true)
    // What follows a command is the command's: its own --version is not the program's.
    .enablePositionalOptions();
  const command = (usage: string, description: string, parent: Command = program) =>
    parent
      .command(usage)
      .description(description)
      .option('--json', 'write the result as JSON')
      .option('--data-dir <dir>', 'folder of the desk (else LOCKSTEP_DATA_DIR, else the application data folder)');

  command('import', 'read logs, backtest results and prices into the desk')
    .argument('<file...>', 'files to import, one after the other; of a folder all files in it')
    .addOption(new Option('--source <source>', 'what the files are').choices(['live', 'backtest']))
    .option('--strategy <name>', 'strategy of rows that name none')
    .option('--version <version>', 'version of the strategy, where rows name none')
    .option('--account <name>', 'account, where rows name none')
    .option('--format <id>', 'read the files as this format (see "lockstep formats")')
    .option('--map <file>', 'map of the columns of a CSV: a file, or the name of a map that ships')
    .option('--zone <zone>', 'zone of times without one: Europe/Berlin, +05:30')
    .option('--symbol <symbol>', 'symbol of files that name none: BTC/USDT')
    .addOption(
      new Option('--date-order <order>', 'order of day and month where no date tells it').choices(['dmy', 'mdy']),
    )
    .option('--lot-size <units>', 'units of a lot, where sizes are in lots: 100000, or XAUUSD=100,US30=1')
    .option('--dry-run', 'read everything, store nothing')
    .option('--print', 'with --dry-run: write executions and orders as JSON Lines')
    .option('--quiet', 'no progress and no summary')
    .action(act((session, given, [files]) => importFiles(session, listOf(files), given as ImportOptions)));
  command('merged', 'list trades that several logs tell, and which row was kept')
    .option('--import <id>', 'of this import, on either side; of all unless told')
    .action(act((session, given) => listMerged(session, given as MergedOptions)));
  const quarantine = command('quarantine', 'rows that could not be used: look at them, correct them, set them aside');
  command('list', 'list rows in quarantine', quarantine)
    .option('--import <id>', 'of this import; of all unless told')
    .addOption(
      new Option('--state <state>', 'in this state; in any unless told').choices(['open', 'fixed', 'dismissed']),
    )
    .action(act((session, given) => listQuarantine(session, given as QuarantineListOptions)));
  command('retry', 'read rows again with corrected text; exit code 1 when one stays open', quarantine)
    .argument('[id]', 'row, as "quarantine list" names it')
    .option('--text <text>', 'the whole row, corrected')
    .option('--file <file>', 'JSON Lines {"id", "text"}: rows of one trade are corrected together')
    .action(act((session, given, [id]) => retryQuarantine(session, textOf(id), given as QuarantineRetryOptions)));
  command('dismiss', 'set rows aside: they are kept, but count as open no more', quarantine)
    .argument('<id...>', 'rows')
    .requiredOption('--reason <reason>', 'why')
    .action(act((session, given, [ids]) => dismissQuarantine(session, listOf(ids), given as { reason?: string })));
  command('reopen', 'open dismissed rows again', quarantine)
    .argument('<id...>', 'rows')
    .action(act((session, _given, [ids]) => reopenQuarantine(session, listOf(ids))));
  command('formats', 'list what can be imported')
    .argument('[format]', 'tell of this one')
    .action(act((session, _given, [id]) => listFormats(session, textOf(id))));
  command('maps', 'list, export, import or remove the maps this desk keeps for CSV files of its own')
    .addArgument(new Argument('[action]', 'what to do').choices(mapActions).default('list'))
    .argument('[name...]', 'export: a map, and the file to write; import: map files; remove: maps')
    .option('--replace', 'with import: whatever is kept for that header or under that name gives way')
    .action(
      act((session, given, [action, names]) => maps(session, textOf(action), listOf(names), given as MapsOptions)),
    );
  const report = command('report', 'report of a day or a range of days; the latest day unless told')
    .option('--strategy <name>', 'strategy')
    .option('--symbol <symbol>', 'one symbol; the portfolio unless told')
    .option('--day <day>', 'UTC day, YYYY-MM-DD')
    .option('--from <day>', 'first day of a range')
    .option('--to <day>', 'last day of a range')
    .option('--revision <number>', 'an earlier revision of a day')
    .addOption(new Option('--format <format>', 'the report as this').choices(reportFormats))
    .option('--output <file>', 'into this file; a folder or .zip takes one file per day and symbol')
    .addOption(new Option('--paper <paper>', 'size of a PDF').choices(['a4', 'letter']).default('a4'))
    .option('--out <dir>', 'one JSON file per day and symbol into this folder')
    .option('--orders', 'with every order of the day')
    .action(act((session, given) => writeReport(session, given as Partial<ReportOptions>)));
  // What picks the first of two reports is written as for one, also behind the word compare.
  report.enablePositionalOptions(false);
  command('compare', 'two reports beside each other; the second is as the first but for what --with-… says', report)
    .option('--of-version <version>', 'only fills of this version of the strategy')
    .option('--with-strategy <name>', 'strategy of the second')
    .option('--with-symbol <symbol>', 'symbol of the second')
    .option('--with-day <day>', 'day of the second')
    .option('--with-from <day>', 'first day of the second')
    .option('--with-to <day>', 'last day of the second')
    .option('--with-version <version>', 'version of the second')
    .action(act((session, given) => compare(session, given as CompareOptions)));
  command('explain', 'why a day differs: causes by money, and their orders; the last day that differs unless told')
    .requiredOption('--strategy <name>', 'strategy')
    .option('--symbol <symbol>', 'one symbol; the portfolio unless told')
    .option('--day <day>', 'UTC day, YYYY-MM-DD')
    .option('--from <day>', 'first day of a range')
    .option('--to <day>', 'last day of a range')
    .option('--top <orders>', 'orders shown of each cause; 3 unless told')
    .action(act((session, given) => explain(session, given as ExplainOptions)));
  command('check', 'status of a day as exit code: 0 PASS or WARN, 2 FAIL, 3 UNKNOWN, 1 error')
    .argument('[symbol]', 'one symbol; the portfolio unless told')
    .requiredOption('--strategy <name>', 'strategy')
    .option('--day <day>', 'UTC day, YYYY-MM-DD; the latest unless told')
    .action(act((session, given, [symbol]) => check(session, textOf(symbol), given as CheckOptions)));
  command('calibrate', 'find the fees, slippage, delay and fills that make the backtest come out as live')
    .requiredOption('--strategy <name>', 'strategy')
    .option('--symbol <symbol>', 'one symbol; each of the strategy unless told')
    .option('--from <day>', 'first day; the first there is unless told')
    .option('--to <day>', 'last day; the last there is unless told')
    .addOption(new Option('--export <engine>', 'write the settings for this engine').choices(calibrationFormats))
    .option('--out <dir>', 'with --export: write one file per symbol into this folder')
    .action(act((session, given) => calibrateBacktest(session, given as CalibrateOptions)));
  command('statistics', 'Sharpe ratio, drawdown and their like over a window of days, live beside backtest')
    .requiredOption('--strategy <name>', 'strategy')
    .option('--symbol <symbol>', 'one symbol; the portfolio unless told')
    .option('--from <day>', 'first day; the first with executions unless told')
    .option('--to <day>', 'last day; the last with executions unless told')
    .option('--threshold <sharpe>', 'annual Sharpe ratio that is to be exceeded', '0')
    .action(act((session, given) => writeStatistics(session, given as StatisticsOptions)));
  command('settings', 'show what parity is judged by, or change it')
    .argument('[assignment...]', 'NAME=VALUE sets, NAME= takes the default again')
    .option('--strategy <name>', 'of this strategy; of the whole desk unless told')
    .option('--symbol <symbol>', 'of this symbol of the strategy')
    .action(
      act((session, given, [assignments]) => changeSettings(session, listOf(assignments), given as SettingsOptions)),
    );
  command('sample', 'make the sample desk').action(act((session) => sample(session)));
  command('serve', 'serve the console to a browser on this machine')
    .option('--port <port>', 'port on 127.0.0.1; any free one unless told')
    .option('--no-open', 'do not open the browser')
    .action(act((session, given) => serve(session, given as ServeOptions, options.rendererRoot)));
  command('watch', 'follow folders and files: add PATH, list, pause ID, resume ID, remove ID')
    .argument('<verb>', 'add, list, pause, resume or remove')
    .argument('[subject]', 'the folder or file to add, or the id of a watch')
    .addOption(new Option('--source <source>', 'what is written there').choices(['live', 'backtest']))
    .option('--strategy <name>', 'strategy of rows that name none')
    .option('--version <version>', 'version of the strategy, where rows name none')
    .option('--account <name>', 'account, where rows name none')
    .option('--format <id>', 'read the files as this format (see "lockstep formats")')
    .option('--map <file>', 'map of the columns of a CSV: a file, or the name of a map that ships')
    .option('--zone <zone>', 'zone of times without one: Europe/Berlin, +05:30')
    .option('--symbol <symbol>', 'symbol of files that name none: BTC/USDT')
    .action(
      act((session, given, [verb, subject]) =>
        watch(session, textOf(verb) ?? '', textOf(subject), given as WatchOptions),
      ),
    );
  command('follow', 'follow what is watched, without a console')
    .option('--once', 'end when everything that is written by now is read')
    .action(act((session, given) => follow(session, given as FollowOptions)));
  const canary = command(
    'canary',
    'deployments: a new version on trial, from staging to production or out of the market',
  );
  command('create', 'create a deployment from a file', canary)
    .requiredOption('--file <file>', 'its configuration as JSON')
    .option('--dry-run', 'only say what is wrong with it')
    .action(act((session, given) => createDeployment(session, given as { file: string; dryRun?: boolean })));
  for (const [verb, description] of [
    ['start-staging', 'give it the capital of staging'],
    ['start-canary', 'promote it from staging, when every criterion is met'],
    ['promote', 'promote it to its next stage, when every criterion is met'],
    ['pause', 'stop its clock: observed time stands still, nothing is promoted'],
    ['resume', 'let its clock go on'],
    ['abort', 'end it before it trades'],
  ] as const satisfies readonly (readonly [Decision, string])[]) {
    command(verb, description, canary)
      .argument('<deployment>', 'its id, or its strategy')
      .option('--reason <reason>', 'why, for the audit trail')
      .action(act((session, given, [name]) => decide(session, verb, textOf(name), given as DecisionOptions)));
  }
  command('rollback', 'take it out of the market by its playbook; exit code 1 when a required step is not done', canary)
    .argument('<deployment>', 'its id, or its strategy')
    .option('--version <version>', 'its version, so that nothing else is rolled back')
    .option('--reason <reason>', 'why, for the audit trail')
    .action(act((session, given, [name]) => rollBack(session, textOf(name), given as DecisionOptions)));
  command('drill', 'run its playbook against stand-ins of the targets', canary)
    .argument('<deployment>', 'its id, or its strategy')
    .action(act((session, _given, [name]) => drill(session, textOf(name))));
  command('record', 'record a figure of your own, for criteria on recorded.NAME', canary)
    .argument('<deployment>', 'its id, or its strategy')
    .argument('<name>', 'the figure')
    .argument('<value>', 'its value')
    .option('--unit <unit>', 'its unit', 'number')
    .option('--sample <count>', 'what it rests on', '1')
    .option('--at <time>', 'when it was true, with a zone; now unless told')
    .action(
      act((session, given, words) => recordFigure(session, words.map(textOf), given as unknown as RecordOptions)),
    );
  command('status', 'deployments with stage, verdict and observed time; of one its criteria, too', canary)
    .argument('[deployment]', 'its id, or its strategy')
    .option('--all', 'with those that have ended')
    .action(act((session, given, [name]) => status(session, textOf(name), given as StatusOptions)));
  command('history', 'how deployments ended, rollbacks and drills went', canary)
    .option('--strategy <name>', 'of this strategy')
    .action(act((session, given) => history(session, given as { strategy?: string })));
  command('stop-the-line', 'promote nothing until it is released; rollbacks go on', canary)
    .option('--reason <reason>', 'why, for the audit trail')
    .action(act((session, given) => line(session, 'stop', given as DecisionOptions)));
  command('release-the-line', 'allow promotions again', canary)
    .option('--reason <reason>', 'why, for the audit trail')
    .action(act((session, given) => line(session, 'release', given as DecisionOptions)));
  command('monitor', 'evaluate deployments: exit code 0 healthy, 2 breach or rolled back, 3 not proved, 1 error')
    .option('--once', 'one evaluation of each, then end; until interrupted unless told')
    .option('--deployment <id>', 'only of this one: its id, or its strategy')
    .action(act((session, given) => monitor(session, given as MonitorOptions)));
  const audit = command('audit', 'the trail of every decision: whether it is whole, and as a file');
  command('verify', 'exit code 0 when each record follows the one before, 2 when the trail is broken', audit)
    .argument('[file]', 'an exported trail, for which no desk is needed; the desk’s own unless told')
    .action(act((session, _given, [file]) => verifyTrail(session, textOf(file))));
  command('export', 'write the trail as JSON Lines', audit)
    .argument('[file]', 'a new file; standard output unless told')
    .action(act((session, _given, [file]) => exportTrail(session, textOf(file))));
  command('doctor', 'look for what is wrong').action(act((session) => doctor(session)));
  command('backup', 'write a consistent copy of the desk')
    .argument('[file]', "where to; the desk's own backups unless told")
    .action(act((session, _given, [file]) => backup(session, textOf(file))));
  command('restore', 'put a backup in the place of the desk, which is kept beside it')
    .argument('<file>', 'the backup')
    .action(act((session, _given, [file]) => restore(session, textOf(file) ?? '')));

  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      // What commander says of a mistake is said below, in our own form.
      writeErr: () => undefined,
    });
  }
  try {
    if (argv.length === 0) {
      terminal.err(program.helpInformation());
      return exitCode.error;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return exitCode.done;
      const asked = program.commands.find((each) => each.name() === argv.find((word) => !word.startsWith('-')));
      const message = thrown.message.replace(/^error: /, '').replace(/\.?$/, '.');
      const usage = `Usage: lockstep ${asked ? `${asked.name()} ${asked.usage()}` : program.usage()}`;
      writeFailure(
        terminal,
        usageFailure(
          `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
          `${usage}; "lockstep ${asked ? `${asked.name()} ` : ''}--help" tells more.`,
        ),
        json,
      );
      return exitCode.error;
    }
    writeFailure(terminal, toFailure(thrown), json);
    return exitCode.error;
  } finally {
    await terminal.drained();
  }
}

function textOf(word: string | readonly string[] | undefined): string | undefined {
  return typeof word === 'string' ? word : undefined;
}

function listOf(word: string | readonly string[] | undefined): readonly string[] {
  return Array.isArray(word) ? word : [];
}
