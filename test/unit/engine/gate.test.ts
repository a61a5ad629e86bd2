import { describe, expect, it } from 'vitest';
import { createGate, type Handlers } from '../../../electron/engine/gate';
import { FailureError, failure } from '../../../shared/base/errors';
import { callNames } from '../../../shared/contract/calls';

// Only the calls a test makes have a handler that answers; every other would fail the test that reaches it.
function gateWith(handlers: Partial<Handlers>, verifyResults = true) {
  const logged: string[] = [];
  const unused = Object.fromEntries(
    callNames.map((name) => [name, () => Promise.reject(new Error(`${name} was called`))]),
  );
  // Every name has a function, which is all the gate asks of its handlers.
  const dispatch = createGate({
    handlers: { ...unused, ...handlers } as Handlers,
    verifyResults,
    log: (line) => logged.push(line),
  });
  return { dispatch, logged };
}

describe('the gate', () => {
  it.each([['no.such.call'], ['toString'], ['__proto__'], [''], [7], [null], [{ name: 'app.info' }]])(
    'refuses the unknown name %j',
    async (name) => {
      const { dispatch, logged } = gateWith({});
      expect(await dispatch('browser', name, {})).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
      expect(logged).toHaveLength(1);
    },
  );

  it.each([
    ['electron', 'canary.rollbackChallenge'],
    ['browser', 'canary.rollbackChallenge'],
    ['electron', 'canary.rollback'],
    ['browser', 'canary.rollback'],
    ['guard', 'app.info'],
    ['guard', 'desk.openMain'],
  ] as const)('offers %s no %s', async (carrier, name) => {
    const { dispatch, logged } = gateWith({});
    expect(await dispatch(carrier, name, {})).toMatchObject({ ok: false, error: { code: 'sender-refused' } });
    expect(logged).toEqual([`refused ${name} from ${carrier}`]);
  });

  it.each([
    ['a missing key', {}],
    ['nothing', undefined],
    ['a day that does not exist', { strategy: 's', symbol: null, from: '2026-02-30', to: '2026-03-01' }],
    ['an empty name', { strategy: '', symbol: null, from: '2026-03-01', to: '2026-03-01' }],
    ['another type', { strategy: 7, symbol: null, from: '2026-03-01', to: '2026-03-01' }],
  ])('refuses %s before any handler sees it', async (_what, args) => {
    const { dispatch } = gateWith({});
    const answer = await dispatch('browser', 'parity.report', args);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'invalid-arguments', detail: { call: 'parity.report' } },
    });
  });

  it('answers with the failure a handler throws, and with internal for anything else', async () => {
    const expected = failure('no-data', 'nothing there', 'import something');
    const { dispatch, logged } = gateWith({
      'desk.openMain': () => Promise.reject(new FailureError(expected)),
      'desk.openSample': () => Promise.reject(new TypeError('x is not a function')),
    });
    expect(await dispatch('direct', 'desk.openMain', {})).toEqual({ ok: false, error: expected });
    expect(await dispatch('direct', 'desk.openSample', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(logged).toEqual([expect.stringContaining('desk.openSample failed: TypeError')]);
  });

  it('never throws, whatever a handler does', async () => {
    const { dispatch } = gateWith({
      'desk.openMain': () => {
        throw new Error('at once');
      },
    });
    expect(await dispatch('direct', 'desk.openMain', {})).toMatchObject({ ok: false });
  });

  it('finds a result that leaves the contract', async () => {
    const wrong = { 'imports.start': async () => ({ ids: [1 as unknown as string] }) };
    const args = {
      files: [{ token: 't', source: 'live', strategy: null, version: null, account: null, format: null, map: null }],
    };
    expect(await gateWith(wrong).dispatch('direct', 'imports.start', args)).toMatchObject({
      error: { code: 'internal' },
    });
    expect(await gateWith(wrong, false).dispatch('direct', 'imports.start', args)).toMatchObject({ ok: true });
  });

  it('runs writes one after the other in the order they came, also after one that failed; reads do not wait', async () => {
    const happened: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { dispatch } = gateWith({
      'desk.openSample': async () => {
        happened.push('first begins');
        await held;
        happened.push('first fails');
        throw new Error('no');
      },
      'desk.openMain': async () => {
        happened.push('second');
        return {};
      },
      'formats.list': async () => {
        happened.push('read');
        return { formats: [], maps: [] };
      },
    });
    const first = dispatch('direct', 'desk.openSample', {});
    const second = dispatch('direct', 'desk.openMain', {});
    await dispatch('direct', 'formats.list', {});
    release();
    await Promise.all([first, second]);
    expect(happened.filter((step) => step !== 'read')).toEqual(['first begins', 'first fails', 'second']);
    expect(happened.indexOf('read')).toBeLessThan(happened.indexOf('first fails'));
  });
});
