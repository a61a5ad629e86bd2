import { Activity, Ban, CirclePause, CirclePlay, ClipboardPen, Rocket, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { capitalOf } from '../../../shared/canary/creation';
import type { Evaluation } from '../../../shared/canary/evaluation';
import { allowedFrom } from '../../../shared/canary/transitions';
import { pauseWord, stageWord } from '../../../shared/canary/words';
import { call, openGuard } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { EquityDrawdown } from '../../charts/EquityDrawdown';
import { Button, ButtonLink } from '../../components/Button';
import { Page, Panel, Section, SectionLinks } from '../../components/Page';
import { Answer, EmptyState, InlineError } from '../../components/States';
import { Age, Time } from '../../components/Time';
import { formatCountOf, typeset } from '../../format';
import { addresses } from '../addresses';
import { Criteria } from './Criteria';
import { DecideDialog } from './DecideDialog';
import { BudgetPanel, ControlPanel, DriftPanel, SharpePanel } from './Evidence';
import { PausedBadge, StageBadge, VerdictBadge } from './looks';
import { MonitorLine } from './MonitorLine';
import { formatObserved } from './observed';
import { EvaluationsPanel, EventsPanel } from './Past';
import { Playbook } from './Playbook';
import { PromoteDialog } from './PromoteDialog';
import { RecordDialog } from './RecordDialog';
import { RollbackPanel } from './RollbackPanel';
import { Stages } from './Stages';
import type { DeploymentView } from './view';

/** One version on trial: its verdict first, what it rests on below, what was and can be decided about it. */
export function DeploymentPage({ id }: { readonly id: string }) {
  const query = useQuery('canary.get', { id });
  const crumbs = [{ title: 'Canary', href: addresses.canary() }];
  if (query.value === null)
    return (
      <Page title="Deployment" crumbs={[...crumbs, { title: id, href: null }]}>
        <Answer query={query} skeletonLines={14}>
          {() => null}
        </Answer>
      </Page>
    );
  return <Answer query={query}>{(view) => <FullDeployment view={view} />}</Answer>;
}

const tradingStages = ['staging', 'canary', 'production'] as const;
type TradingStage = (typeof tradingStages)[number];

function tradingStageOf(view: DeploymentView): TradingStage | null {
  const { stage, leftStage } = view.deployment;
  return tradingStages.find((one) => one === stage) ?? tradingStages.find((one) => one === leftStage) ?? null;
}

function FullDeployment({ view }: { readonly view: DeploymentView }) {
  const { deployment, stages, evaluation, promotion, drillDue } = view;
  const { configuration, stage } = deployment;
  const traded = tradingStageOf(view);
  const series = useQuery(
    'canary.series',
    traded === null ? null : { id: deployment.id, stage: traded, points: 1_000 },
  );
  const list = useQuery('canary.list', { filter: 'active', page: { offset: 0, limit: 1 } });
  const watched = ['staging', 'canary', 'production', 'rolling-back'].includes(stage);
  const name = `${configuration.strategy} ${configuration.version}`;
  const sections = [
    { id: 'canary-criteria', title: 'Criteria' },
    ...(traded === null ? [] : [{ id: 'canary-equity', title: 'Equity and budget' }]),
    { id: 'canary-playbook', title: 'Playbook and drills' },
    { id: 'canary-past', title: 'Evaluations and events' },
  ];
  return (
    <Page
      title={name}
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        { title: name, href: null },
      ]}
      lead={configuration.description}
      actions={<Actions view={view} />}
    >
      {list.value !== null && watched && <MonitorLine monitor={list.value.monitor} watched={1} />}
      {deployment.rollback !== null && <RollbackPanel deployment={deployment} />}
      <Verdict view={view} />
      <Stages
        stages={stages}
        currency={configuration.currency}
        capitalOf={(one) => (one === 'development' ? null : capitalOf(configuration, one))}
      />
      <SectionLinks sections={sections} />
      {promotion !== null && (
        <Panel title={`To ${stageWord(promotion.to).toLowerCase()}`}>
          {promotion.unmet.length === 0 ? (
            <p>Every condition is met: it can be promoted.</p>
          ) : (
            <>
              <p className="canary-note">
                {formatCountOf(promotion.unmet.length, 'condition')} not met; there is no way around them.
              </p>
              <ul className="canary-unmet">
                {promotion.unmet.map(({ code, message }) => (
                  <li key={`${code}${message}`}>{typeset(message)}</li>
                ))}
              </ul>
            </>
          )}
        </Panel>
      )}
      <Section id="canary-criteria" title="Criteria">
        <Panel
          title="Criteria"
          aside={
            evaluation !== null && (
              <>
                evaluated <Age atUs={evaluation.atUs} />
              </>
            )
          }
          flush
        >
          {evaluation === null ? (
            <EmptyState icon={Activity} title="Not evaluated yet.">
              {stage === 'development'
                ? 'Criteria are judged once staging has started and executions of this version are there.'
                : 'The first evaluation comes with the monitor’s next look.'}
            </EmptyState>
          ) : (
            <Criteria criteria={evaluation.criteria} trends={series.value?.trends ?? {}} />
          )}
        </Panel>
        {evaluation !== null && <FurtherEvidence evaluation={evaluation} />}
      </Section>
      {traded !== null && evaluation !== null && (
        <Section id="canary-equity" title="Equity and budget">
          <div className="canary-columns">
            <section className="panel panel-body">
              <Answer query={series} skeletonLines={8}>
                {(course) =>
                  course.atUs.length < 2 ? (
                    <EmptyState icon={Activity} title="No course yet.">
                      Equity and drawdown are drawn from the second evaluation on.
                    </EmptyState>
                  ) : (
                    <EquityDrawdown
                      course={course}
                      allocatedCapital={evaluation.allocatedCapital}
                      limits={moneyLimits(view)}
                      currency={configuration.currency}
                      subject={`${deployment.id} ${traded}`}
                      height={340}
                    />
                  )
                }
              </Answer>
            </section>
            <Panel title="Risk budget">
              <BudgetPanel evaluation={evaluation} currency={configuration.currency} />
            </Panel>
          </div>
        </Section>
      )}
      <Section id="canary-playbook" title="Playbook and drills">
        <Playbook deployment={deployment} drillDue={drillDue} />
      </Section>
      <Section id="canary-past" title="Evaluations and events">
        <EvaluationsPanel deployment={deployment} />
        <EventsPanel deployment={deployment} />
      </Section>
    </Page>
  );
}

function moneyLimits({ deployment }: DeploymentView) {
  const { guards, rollback } = deployment.configuration;
  const limit = (figure: string) =>
    rollback.find((one) => one.figure === figure && one.comparison === 'at-most')?.limit;
  const [loss, drawdown] = [limit('dailyLossPercent'), limit('drawdownPercent')];
  return [
    { label: `guard ${guards.drawdownPercent} %`, percent: guards.drawdownPercent, colour: 'warn' as const },
    ...(loss === undefined ? [] : [{ label: `daily loss ${loss} %`, percent: loss, colour: 'fail' as const }]),
    ...(drawdown === undefined
      ? []
      : [{ label: `drawdown ${drawdown} %`, percent: drawdown, colour: 'fail' as const }]),
  ];
}

function FurtherEvidence({ evaluation }: { readonly evaluation: Evaluation }) {
  const { sharpe, control, drift } = evaluation;
  if (sharpe === null && control === null && drift === null) return null;
  return (
    <div className="canary-columns-even">
      {sharpe !== null && (
        <Panel title="How sure the Sharpe ratio is">
          <SharpePanel sharpe={sharpe} />
        </Panel>
      )}
      {control !== null && (
        <Panel title="Control arm">
          <ControlPanel control={control} />
        </Panel>
      )}
      {drift !== null && (
        <Panel title="Watched in production">
          <DriftPanel drift={drift} />
        </Panel>
      )}
    </div>
  );
}

function Verdict({ view }: { readonly view: DeploymentView }) {
  const { deployment, evaluation } = view;
  const { configuration, paused, overdueSinceUs, drift } = deployment;
  const [first, ...more] = evaluation?.reasons ?? [];
  return (
    <section className="panel panel-body canary-verdict" aria-label="Verdict">
      <div className="canary-verdict-marks">
        <VerdictBadge verdict={deployment.verdict} size="large" />
        <StageBadge stage={deployment.stage} />
        {paused.map(({ why }) => (
          <PausedBadge key={why} why={pauseWord(why)} />
        ))}
      </div>
      <div>
        <p className="canary-verdict-reason">
          {first !== undefined ? typeset(first) : 'It has not been evaluated in this stage.'}
        </p>
        {more.length > 0 && (
          <ul className="canary-reasons muted">
            {more.map((reason) => (
              <li key={reason}>{typeset(reason)}</li>
            ))}
          </ul>
        )}
        {paused.map(({ why, reason, sinceUs }) => (
          <p key={why} className="muted">
            Since <Time atUs={sinceUs} precision="minute" /> {pauseWord(why)}: {typeset(reason)}
          </p>
        ))}
        {overdueSinceUs !== null && (
          <p className="mark-warn">
            Overdue since <Time atUs={overdueSinceUs} precision="minute" />: nobody decided.
          </p>
        )}
        {drift !== null && (
          <p className="mark-warn">
            Drift found <Time atUs={drift.atUs} precision="minute" />: {typeset(drift.reason)}
          </p>
        )}
      </div>
      <dl className="canary-pairs">
        <div>
          <dt>Observed</dt>
          <dd>
            {evaluation === null || evaluation.stage !== deployment.stage
              ? '—'
              : formatObserved(evaluation.observedMs, evaluation.requiredMs)}
          </dd>
        </div>
        <div>
          <dt>In this stage since</dt>
          <dd>
            <Time atUs={deployment.stageSinceUs} precision="minute" />
          </dd>
        </div>
        <div>
          <dt>On a breach</dt>
          <dd>{configuration.automaticRollback ? 'rolled back by itself' : 'only an alarm'}</dd>
        </div>
      </dl>
    </section>
  );
}

type Deciding = 'start' | 'promote' | 'pause' | 'resume' | 'abort' | 'record';

function Actions({ view }: { readonly view: DeploymentView }) {
  const { deployment, promotion } = view;
  const { id, stateVersion, stage, paused } = deployment;
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => setDeciding(null);
  const active = stage === 'development' || stage === 'staging' || stage === 'canary';
  const trades = stage === 'staging' || stage === 'canary' || stage === 'production';
  const pausedByOperator = paused.some(({ why }) => why === 'operator');

  async function take(action: () => ReturnType<typeof openGuard>): Promise<void> {
    setBusy(true);
    const answer = await action();
    setBusy(false);
    setRefused(answer.ok ? null : answer.error);
  }

  return (
    <>
      {refused !== null && <InlineError error={refused} />}
      {stage === 'development' && (
        <Button icon={Rocket} look="primary" onClick={() => setDeciding('start')}>
          Start staging…
        </Button>
      )}
      {promotion !== null && (
        <Button
          icon={Rocket}
          look={promotion.unmet.length === 0 ? 'primary' : 'plain'}
          onClick={() => setDeciding('promote')}
        >
          Promote…
        </Button>
      )}
      {active && stage !== 'development' && !pausedByOperator && (
        <Button icon={CirclePause} onClick={() => setDeciding('pause')}>
          Pause…
        </Button>
      )}
      {active && pausedByOperator && (
        <Button icon={CirclePlay} onClick={() => setDeciding('resume')}>
          Resume…
        </Button>
      )}
      {trades && (
        <Button icon={ClipboardPen} onClick={() => setDeciding('record')}>
          Record a figure…
        </Button>
      )}
      <ButtonLink href={addresses.audit({ subject: id })}>Audit</ButtonLink>
      {allowedFrom.aborted.includes(stage) && (
        <Button icon={Ban} onClick={() => setDeciding('abort')}>
          Abort…
        </Button>
      )}
      {(trades || stage === 'rolling-back' || stage === 'rollback-failed') && (
        <Button icon={ShieldAlert} look="danger" busy={busy} onClick={() => void take(() => openGuard(id))}>
          {stage === 'rolling-back' ? 'Watch the rollback…' : 'Roll back…'}
        </Button>
      )}
      {deciding === 'start' && (
        <DecideDialog
          title="Start staging"
          describes="From now on executions of this version are judged, and observed time counts."
          action="Start staging"
          icon={Rocket}
          withoutReason
          onClose={close}
          decide={() => call('canary.startStaging', { id, stateVersion })}
        />
      )}
      {deciding === 'promote' && <PromoteDialog view={view} onClose={close} />}
      {deciding === 'pause' && (
        <DecideDialog
          title="Pause"
          describes="Observed time stops and it cannot be promoted. It goes on trading and being judged; rollbacks work as ever."
          action="Pause"
          icon={CirclePause}
          onClose={close}
          decide={(reason) => call('canary.pause', { id, stateVersion, reason })}
        />
      )}
      {deciding === 'resume' && (
        <DecideDialog
          title="Resume"
          describes="Observed time goes on from where it stopped."
          action="Resume"
          icon={CirclePlay}
          onClose={close}
          decide={(reason) => call('canary.resume', { id, stateVersion, reason })}
        />
      )}
      {deciding === 'abort' && (
        <DecideDialog
          title="Abort"
          describes="The trial ends before it trades. Nothing is sent to the bot."
          action="Abort"
          icon={Ban}
          look="danger"
          onClose={close}
          decide={(reason) => call('canary.abort', { id, stateVersion, reason })}
        />
      )}
      {deciding === 'record' && <RecordDialog id={id} onClose={close} />}
    </>
  );
}
