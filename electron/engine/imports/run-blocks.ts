import { MessageChannel } from 'node:worker_threads';
import { type Failure, FailureError, failure, toFailure } from '../../../shared/base/errors';
import type { TaskContext } from '../worker/protocol';
import type { TaskRunner } from '../worker/tasks';
import type { BlockReading, BlockTask } from './block-task';
import type { Format } from './format';
import { lockstepCsv } from './formats/lockstep-csv';
import { formatOfMap } from './map';
import { type MovedBlock, PlainBlockReader } from './plain-blocks';
import type { BlockHelper } from './read-ahead';

/**
 * The helper of {@link readAhead}: a job on a thread of its own that reads blocks of one text for as long as its port is open. The
 * blocks have a port, because two of them are under way at any time.
 */

/** Said once, before any answer. */
const ready = 'ready';

interface Question {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: ArrayBuffer;
}

export async function blockTask(
  { reading, port }: BlockTask['args'],
  { signal }: TaskContext<BlockTask>,
): Promise<null> {
  const reader = openReader(reading);
  const answer = ({ bytes, memory }: Question) => {
    const block = reader.read(bytes, memory);
    port.postMessage(block, [bytes.buffer, memory]);
  };
  await new Promise<void>((resolve) => {
    port.on('message', answer);
    port.postMessage(ready);
    port.once('close', resolve);
    signal.addEventListener('abort', () => port.close());
  });
  return null;
}

/** The formats that lay out their executions for reading by the block, but for those made of maps. */
const unmapped: readonly Format[] = [lockstepCsv];

function openReader({ map, sample, hints, names, origin, ...reading }: BlockReading): PlainBlockReader {
  const format = map === null ? unmapped.find(({ id }) => id === reading.format) : formatOfMap(map);
  if (format?.reader.shape !== 'delimited') throw new Error(`${reading.format} does not read delimited text`);
  const { zone, symbol, dateOrder = null, lotSize = null } = hints;
  const context = {
    ...{ source: origin.source, zone, symbol, dateOrder, lotSize, names },
    ...{ ask: () => undefined, warn: () => undefined, atEnd: () => undefined },
  };
  format.reader.open(sample.header, context, sample);
  const reader = PlainBlockReader.open(format, sample, context, origin);
  if (reader === null) throw new Error(`${reading.format} does not read blocks`);
  return reader;
}

/**
 * Starts a helper on a runner of its own, which ends with it.
 * @param onUnable told why the helper cannot start
 */
export function callHelper(
  runner: TaskRunner,
  reading: BlockReading,
  onUnable: (reason: Failure) => void,
): BlockHelper {
  const { port1: port, port2 } = new MessageChannel();
  const asked: { resolve(block: MovedBlock): void; reject(error: unknown): void }[] = [];
  let ended: unknown = null;
  let isClosed = false;
  const started = new Promise<void>((resolve, reject) => {
    let isReady = false;
    port.on('message', (message: typeof ready | MovedBlock) => {
      if (message === ready) {
        isReady = true;
        resolve();
      } else asked.shift()?.resolve(message);
    });
    const fail = (error: unknown) => {
      ended = error;
      // Who closed it before it was ready waits for nothing.
      if (!isReady && !isClosed) onUnable(toFailure(error));
      reject(error);
      for (const { reject: refuse } of asked.splice(0)) refuse(error);
    };
    runner.run('blocks', { reading, port: port2 }, { host: {}, transfer: [port2] }).then(() => fail(closed()), fail);
  });
  return {
    ready: started,
    read(bytes, memory) {
      if (ended !== null) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        asked.push({ resolve, reject });
        port.postMessage({ bytes, memory } satisfies Question, [bytes.buffer, memory]);
      });
    },
    async close() {
      isClosed = true;
      port.close();
      await runner.close();
    },
  };
}

function closed(): FailureError {
  return new FailureError(
    failure('internal', 'The thread that helped to read the file has ended.', 'Import the file again.'),
  );
}
