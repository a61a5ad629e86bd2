import { allConventions } from '../../../shared/parity/conventions';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { formatBytes } from '../../format';
import { type LookChoice, useLook } from '../../state/look';
import { useOverlays } from '../../state/overlays';
import { Formats } from '../imports/formats/Formats';
import { ConventionsTable } from '../parity/statistics/ConventionsTable';

const looks: readonly { readonly value: LookChoice; readonly title: string }[] = [
  { value: 'dark', title: 'Dark' },
  { value: 'light', title: 'Light' },
  { value: 'system', title: "As the system's" },
];

const words: readonly (readonly [string, string])[] = [
  ['Tracking difference', 'Signed return gap, live minus backtest, over the day, in bps of capital.'],
  [
    'Tracking error',
    'Size of the return differences within the day, in bps of capital per day. What nets out still counts.',
  ],
  ['Matched, missed, extra', 'A live order paired with the backtest order it reproduces; backtest only; live only.'],
  ['Slippage', 'Price difference of live against backtest on matched quantity, in bps; positive means live was worse.'],
  ['Attribution', 'The P&L gap split into price, quantity, fees, missed, extra and carry. It sums to the gap.'],
  ['Execution quality score', 'Starts at 100 and loses points per deviation; the report lists them.'],
  ['PASS, WARN, FAIL', 'By the worst of tracking, fees and latency against their limits.'],
  ['UNKNOWN', 'Too few matched orders, or a day that is not complete on both sides. It never counts as PASS.'],
];

export default function AboutPage() {
  const info = useQuery('app.info', {});
  const { choice, choose } = useLook();
  const show = useOverlays((overlays) => overlays.show);
  return (
    <Page
      title="About and help"
      lead="Does the strategy trade live as its backtest said, and where does the money go if not?"
      actions={<Button onClick={() => show('shortcuts')}>Keyboard shortcuts</Button>}
    >
      <div className="detail-columns">
        <Panel title="This installation">
          <Answer query={info} skeletonLines={5}>
            {(value) => (
              <dl className="facts">
                <div>
                  <dt>Lockstep</dt>
                  <dd className="figures">{value.version}</dd>
                </div>
                <div>
                  <dt>Parity method</dt>
                  <dd className="figures">{value.methodVersion}</dd>
                </div>
                <div>
                  <dt>Desk</dt>
                  <dd>
                    {value.deskName}
                    {value.sample && ' (sample data)'}
                  </dd>
                </div>
                <div>
                  <dt>Data folder</dt>
                  <dd>
                    <code>{value.dataDirectory}</code>
                  </dd>
                </div>
                <div>
                  <dt>Stored</dt>
                  <dd className="figures">{formatBytes(value.storeSizeBytes)}</dd>
                </div>
                <div>
                  <dt>Shown in</dt>
                  <dd>{value.carrier === 'electron' ? 'the desktop console' : 'a browser on this machine'}</dd>
                </div>
              </dl>
            )}
          </Answer>
        </Panel>
        <Panel title="Look">
          <Choice label="Look" options={looks} chosen={choice} onChoose={choose} />
        </Panel>
      </div>
      <Panel title="Words">
        <dl className="facts facts-words">
          {words.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title="How figures are counted">
        <ConventionsTable of={allConventions} />
      </Panel>
      <Panel title="Formats" aside="Recognised by content, whatever the file is called" flush>
        <Formats height="min(460px, 60vh)" />
      </Panel>
    </Page>
  );
}
