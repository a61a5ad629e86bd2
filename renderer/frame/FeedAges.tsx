import { TriangleAlert } from 'lucide-react';
import { useQuery } from '../api/use-query';
import { Tooltip } from '../components/Tooltip';
import { formatDuration, formatUtc } from '../format';
import { useAddress } from '../state/address';
import { useNowUs } from '../state/clock';
import { feedAge } from './feed-age';

/** How old the data on screen is, per feed of the strategy on screen; loud when a feed is old or missing. */
export function FeedAges() {
  const now = useNowUs();
  const address = useAddress();
  const info = useQuery('app.info', {});
  const strategyOnScreen =
    address.path[0] === 'parity' || address.path[0] === 'desk' ? (address.path[1] ?? null) : null;
  const overview = useQuery('desk.overview', { strategy: strategyOnScreen, days: 30 });
  const strategy = strategyOnScreen ?? overview.value?.strategy ?? null;
  const feeds = overview.value?.feeds ?? [];
  const shown = feeds.filter((feed) => feed.strategy === strategy);
  if (strategy === null || shown.length === 0) return <div className="feeds" />;
  return (
    <dl className="feeds" aria-label={`Age of the data of ${strategy}`}>
      {shown.map((feed) => {
        const age = feedAge(feed, feeds, now, info.value?.sample ?? false);
        const loud = age.state !== 'fresh';
        return (
          <div key={feed.source} className={`feed ${loud ? 'feed-loud' : ''}`}>
            <dt className={feed.source}>{feed.source}</dt>
            <dd>
              <Tooltip
                text={
                  <>
                    {age.why}
                    {feed.lastExecutionUs !== null && <> Newest: {formatUtc(feed.lastExecutionUs)} UTC.</>}
                    {feed.lastImportUs !== null && <> Imported: {formatUtc(feed.lastImportUs)} UTC.</>}
                  </>
                }
              >
                <span>
                  {loud && <TriangleAlert size={13} aria-hidden="true" />}
                  <span className="figures">{age.state === 'none' ? 'no data' : formatDuration(age.ageMs)}</span>
                  {age.state === 'old' && ' old'}
                </span>
              </Tooltip>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
