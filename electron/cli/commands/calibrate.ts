import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FailureError, failure } from '../../../shared/base/errors';
import { calibrationFilesOutputSchemaId, calibrationsOutputSchemaId } from '../../../shared/contract/output';
import type { Calibration } from '../../../shared/parity/calibration-document';
import { type CalibrationFormat, exportCalibration } from '../../../shared/parity/calibration-export';
import { calibrationStateWords, leftOutWords, parameterWords } from '../../../shared/parity/calibration-words';
import { reportFailure } from '../report-failure';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { counted, figure, signed, table } from '../text';
import { dayOption } from './report';

export interface CalibrateOptions {
  readonly strategy: string;
  readonly symbol?: string;
  readonly from?: string;
  readonly to?: string;
  readonly export?: CalibrationFormat;
  readonly out?: string;
}

/** Calibrates the backtest of one symbol, or of each symbol both sources trade; shows it, or exports the settings. */
export async function calibrateBacktest(session: Session, options: CalibrateOptions): Promise<number> {
  const { terminal, json } = session;
  const { strategy, export: format, out } = options;
  const range = { from: dayOption('--from', options.from), to: dayOption('--to', options.to) };
  if (out !== undefined && format === undefined) {
    throw new FailureError(usageFailure('--out needs --export.', 'Say for which engine the files are to be written.'));
  }
  if (format !== undefined && out === undefined && options.symbol === undefined) {
    throw new FailureError(
      usageFailure('--export writes one symbol’s settings.', 'Name it with --symbol, or a folder for all with --out.'),
    );
  }
  return session.withDesk('existing', async ({ calibration }) => {
    const symbols = options.symbol === undefined ? await calibration.symbols(strategy, range) : [options.symbol];
    if (symbols.length === 0) {
      throw new FailureError(
        failure(
          'no-data',
          `No symbol of ${strategy} has fills of both live and backtest in these days.`,
          'Import the missing side, or choose other days.',
          { strategy },
        ),
      );
    }
    const calibrations: Calibration[] = [];
    for (const symbol of symbols) calibrations.push(await calibration.calibrate(strategy, symbol, range));
    if (format !== undefined && out !== undefined) return writeFiles(session, calibrations, format, out);
    if (format !== undefined) {
      for (const one of calibrations) terminal.out(exported(one, format).text);
    } else if (json) {
      terminal.out(`${JSON.stringify({ schema: calibrationsOutputSchemaId, calibrations })}\n`);
    } else terminal.out(calibrations.map(describe).join('\n'));
    return exitCode.done;
  });
}

function exported(calibration: Calibration, format: CalibrationFormat): { name: string; text: string } {
  const file = exportCalibration(calibration, format);
  if (file !== null) return file;
  const { strategy, symbol, state, message } = calibration;
  throw new FailureError(
    failure('no-data', `There are no settings to export for ${strategy} ${symbol}: ${message}`, hintOf(state), {
      strategy,
      symbol,
      state,
    }),
  );
}

function hintOf(state: Calibration['state']): string {
  if (state === 'not-enough-data') return 'Import more days of both live and backtest.';
  return 'Leave the backtest as it is; --export json writes what was found.';
}

async function writeFiles(
  { terminal, json }: Session,
  calibrations: readonly Calibration[],
  format: CalibrationFormat,
  out: string,
): Promise<number> {
  const directory = resolve(out);
  const files: { symbol: string; state: Calibration['state']; file: string | null }[] = [];
  try {
    await mkdir(directory, { recursive: true });
    for (const calibration of calibrations) {
      const { symbol, state } = calibration;
      const made = exportCalibration(calibration, format);
      const file = made === null ? null : join(directory, made.name);
      if (made !== null && file !== null) await writeFile(file, made.text);
      files.push({ symbol, state, file });
    }
  } catch (thrown) {
    throw reportFailure(thrown, directory);
  }
  if (json) terminal.out(`${JSON.stringify({ schema: calibrationFilesOutputSchemaId, directory, files })}\n`);
  else
    terminal.out(
      `${table(
        files.map(({ symbol, state, file }) => [symbol, calibrationStateWords[state], file ?? 'nothing to write']),
        [0, 1, 2],
      )}\n`,
    );
  return exitCode.done;
}

function describe(calibration: Calibration): string {
  const { strategy, symbol, state, message, days, parameters, judged, notes } = calibration;
  const sections = [`${calibrationStateWords[state].toUpperCase()}  ${strategy}  ${symbol}`, `  ${message}`];
  const spans = [
    ['fitted on', days.fit],
    ['judged on', days.heldOut],
  ] as const;
  const rows = spans.flatMap(([name, span]) =>
    span === null
      ? []
      : [[name, `${span.from} to ${span.to}`, counted(span.days, 'day'), counted(span.pairs, 'matched order')]],
  );
  if (rows.length > 0) sections.push(indented(table(rows, [0, 1])));
  const left = days.leftOut.map(({ reason, days: count }) => `${counted(count, 'day')} ${leftOutWords(reason)}`);
  if (left.length > 0) sections.push(`  left out: ${left.join(', ')}`);
  if (parameters.length > 0) {
    const shown = parameters.map(({ id, value, lower, upper, n, backtest, used, note }) => {
      const { title, unit, scale, digits } = parameterWords[id];
      const of = (known: number | null) => figure(known === null ? null : known * scale, digits);
      return [
        used ? '*' : '',
        title,
        of(value),
        unit,
        lower === null ? '' : `${of(lower)} to ${of(upper)}`,
        `n ${n}`,
        backtest === null ? '' : `backtest ${of(backtest)}`,
        note ?? '',
      ];
    });
    sections.push(
      indented(table(shown, [0, 1, 3, 4, 6, 7])),
      '  * differs from the backtest beyond chance; intervals are 95 %',
    );
  }
  if (judged !== null) {
    const lines = spans.map(([name]) => {
      const part = name === 'fitted on' ? judged.fit : judged.heldOut;
      const { trackingErrorBps: error, trackingDifferenceBps: difference, errorImprovementBps: better } = part;
      return [
        name,
        `tracking error ${figure(error.before, 2)} -> ${figure(error.after, 2)} bps/day`,
        `better by ${signed(better.value, 2)} (${figure(better.lower, 2)} to ${figure(better.upper, 2)})`,
        `difference ${signed(difference.before, 2)} -> ${signed(difference.after, 2)}`,
      ];
    });
    sections.push(indented(table(lines, [0, 1, 2, 3])));
  }
  for (const note of notes) sections.push(`  ${note}`);
  return `${sections.join('\n')}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
