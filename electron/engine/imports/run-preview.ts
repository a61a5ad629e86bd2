import type { ImportQuestion } from '../../../shared/contract/calls';
import type { Execution } from '../../../shared/market/executions';
import type { TaskContext } from '../worker/protocol';
import type { PreviewResult, PreviewTask, QuarantinedLine, Recognised } from './import-task';
import { OpenQuestion } from './questions';
import { readSource } from './read-source';
import { recognised } from './recognise';
import type { FormatRegistry } from './registry';
import { executionProblem } from './validate';

/** Rows looked at, at most, where hardly any is an execution. */
const rowLimit = 5_000;

/** The worker's preview: what the file is and what its first rows would become. Stores nothing and stops early. */
export function previewTask(registry: FormatRegistry) {
  return async (args: PreviewTask['args'], context: TaskContext<PreviewTask>): Promise<PreviewResult> => {
    const seen: Recognised[] = [];
    let alternatives: readonly Recognised[] = [];
    const executions: Execution[] = [];
    const quarantined: QuarantinedLine[] = [];
    const warnings = new Set<string>();
    const questions: ImportQuestion[] = [];
    /** Strategies the rows themselves name; null in it = a row leaves it to the user. */
    const named = new Set<string | null>();
    let rows = 0;
    const enough = () => executions.length >= args.limit || rows >= rowLimit;
    const reading = readSource({
      request: args,
      registry,
      host: context.host,
      signal: context.signal,
      target: {
        enter(_member, reading, others) {
          if (seen.length === 0) alternatives = others.map(recognised);
          seen.push(recognised(reading));
        },
        row(line, outcome, text) {
          rows++;
          if (outcome.kind === 'quarantine') {
            if (quarantined.length < args.limit) quarantined.push({ line, reason: outcome.reason, text: text() });
          } else if (outcome.kind === 'executions') {
            const problem = outcome.executions
              .map((one) => executionProblem(one, args.nowUs))
              .find((one) => one !== null);
            if (problem) {
              if (quarantined.length < args.limit) quarantined.push({ line, reason: problem, text: text() });
              return;
            }
            for (const execution of outcome.executions) {
              named.add(execution.strategy);
              if (executions.length >= args.limit) break;
              executions.push({
                ...execution,
                source: args.source ?? seen.at(-1)?.impliedSource ?? 'live',
                strategy: execution.strategy ?? args.strategy ?? '',
                version: execution.version ?? args.version,
                account: execution.account ?? args.account,
                line,
              });
            }
          }
        },
        settle: async () => !enough(),
        warn: (message) => warnings.add(message),
        ask: (question) => questions.push(question),
        onBytes: () => undefined,
        enough,
      },
    });
    try {
      await reading;
    } catch (error) {
      // What stops an import is here a question beside what was recognised.
      if (!(error instanceof OpenQuestion) || seen.length === 0) throw error;
      questions.unshift(error.question);
    }
    const [first, ...others] = seen;
    if (!first) throw new Error('nothing was read'); // readSource fails before it comes to this
    if (named.has(null) && args.strategy === null) {
      questions.push({
        field: 'strategy',
        message: 'The file does not say which strategy traded.',
        assumed: null,
        options: [],
      });
    }
    const strategies = named.has(null) ? [] : [...named].filter((name) => name !== null);
    return {
      recognised: strategies.length > 0 ? { ...first, strategies } : first,
      alternatives: [...alternatives, ...others],
      executions,
      quarantined,
      warnings: [...warnings],
      questions,
    };
  };
}
