import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/base/errors';
import type { CallArgs, CallResult } from '../../shared/contract/calls';
import { call } from './engine';

type Preview = CallResult<'imports.preview'>;

export interface LivePreview {
  /** The last reading that succeeded; it stays on screen while the next one is under way. */
  readonly value: Preview | null;
  /** Why the latest reading failed. */
  readonly error: Failure | null;
  /** What is shown is not of the latest question yet. */
  readonly reading: boolean;
}

/** A pause in typing after which the file is read again. */
const settleMs = 120;

/** Reads the beginning of a file again whenever the question changes; answers to earlier questions are dropped. `args` null = do not ask. */
export function useLivePreview(args: CallArgs<'imports.preview'> | null): LivePreview {
  const [state, setState] = useState<LivePreview>({ value: null, error: null, reading: false });
  const argsText = args === null ? null : JSON.stringify(args);
  const latest = useRef(argsText);
  latest.current = argsText;
  useEffect(() => {
    if (argsText === null) {
      setState({ value: null, error: null, reading: false });
      return;
    }
    setState((before) => ({ ...before, reading: true }));
    const timer = setTimeout(async () => {
      const answer = await call('imports.preview', JSON.parse(argsText) as CallArgs<'imports.preview'>); // what was written above
      if (latest.current !== argsText) return;
      setState((before) =>
        answer.ok
          ? { value: answer.value, error: null, reading: false }
          : { value: before.value, error: answer.error, reading: false },
      );
    }, settleMs);
    return () => clearTimeout(timer);
  }, [argsText]);
  return state;
}
