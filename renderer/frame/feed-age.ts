import { DAY_MS } from '../../shared/base/time';
import type { CallResult } from '../../shared/contract/calls';

/**
 * How old the data of a feed is, and when that is worth a word. A feed is one source of one strategy; its age counts from its last
 * execution. Live logs are expected every day: two days without any make a feed old. A backtest is compared with the live log it
 * explains: it is old when live has gone on for more than a day past its end.
 */
type Feed = CallResult<'desk.overview'>['feeds'][number];

export type FeedAge =
  | { readonly state: 'fresh' | 'old'; readonly ageMs: number; readonly why: string }
  | { readonly state: 'none'; readonly why: string };

const LIVE_OLD_MS = 2 * DAY_MS;
const BACKTEST_BEHIND_MS = DAY_MS;

export function feedAge(feed: Feed, feeds: readonly Feed[], nowUs: number, sample: boolean): FeedAge {
  if (feed.lastExecutionUs === null) {
    return { state: 'none', why: `No ${feed.source} execution of ${feed.strategy} has been imported.` };
  }
  const ageMs = (nowUs - feed.lastExecutionUs) / 1_000;
  if (feed.source === 'live') {
    const old = !sample && ageMs > LIVE_OLD_MS;
    return {
      state: old ? 'old' : 'fresh',
      ageMs,
      why: old
        ? `The newest live execution of ${feed.strategy} is older than two days: import the newer log.`
        : `Time since the newest live execution of ${feed.strategy}.`,
    };
  }
  const live = feeds.find((other) => other.source === 'live' && other.strategy === feed.strategy);
  const behindMs =
    live?.lastExecutionUs == null ? 0 : Math.max(0, (live.lastExecutionUs - feed.lastExecutionUs) / 1_000);
  const old = behindMs > BACKTEST_BEHIND_MS;
  return {
    state: old ? 'old' : 'fresh',
    ageMs,
    why: old
      ? `The backtest of ${feed.strategy} ends more than a day before its live log: run it again and import it.`
      : `Time since the newest backtest execution of ${feed.strategy}.`,
  };
}
