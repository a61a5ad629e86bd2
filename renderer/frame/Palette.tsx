import { Command } from 'cmdk';
import {
  Bird,
  CalendarDays,
  ChartNoAxesCombined,
  FileInput,
  FlaskConical,
  House,
  Keyboard,
  Link2,
  type LucideIcon,
  Moon,
  Plus,
  Sun,
  SunMoon,
} from 'lucide-react';
import { useState } from 'react';
import { isUtcDay } from '../../shared/base/time';
import { verdictWord } from '../../shared/canary/words';
import { useQuery } from '../api/use-query';
import { Dialog } from '../components/Dialog';
import { StatusMark } from '../components/StatusBadge';
import { addresses } from '../pages/addresses';
import { chooseFiles } from '../pages/imports/choose-files';
import { pages } from '../pages/registry';
import { goTo, hrefOf, useAddress } from '../state/address';
import { useDeskSwitch } from '../state/desk';
import { useLook } from '../state/look';
import { useOverlays } from '../state/overlays';

/** Go anywhere and do anything by typing: pages, strategies, symbols and days of the strategy at hand, actions. */
export function Palette() {
  const { open, close } = useOverlays();
  return (
    <Dialog open={open === 'palette'} onClose={close} title="Go to or do" describes="Type to search, Enter to go." bare>
      <Commands onDone={close} />
    </Dialog>
  );
}

function Commands({ onDone }: { readonly onDone: () => void }) {
  const [search, setSearch] = useState('');
  const address = useAddress();
  const info = useQuery('app.info', {});
  const onPath = address.path[0] === 'parity' || address.path[0] === 'desk' ? (address.path[1] ?? null) : null;
  const overview = useQuery('desk.overview', { strategy: onPath, days: 30 });
  const deployments = useQuery('canary.list', { filter: 'active', page: { offset: 0, limit: 100 } });
  const { openSample, openMain } = useDeskSwitch();
  const { choice, choose } = useLook();
  const has = (id: string) => pages.some((page) => page.id === id);
  const strategy = onPath ?? overview.value?.strategy ?? null;
  const symbolOnPath = address.path[2] === 'symbol' ? (address.path[3] ?? null) : null;
  const days = has('parity') && strategy !== null ? [...(overview.value?.portfolioDays ?? [])].reverse() : [];
  const typedDay = search.trim();

  const run = (action: () => void) => () => {
    onDone();
    action();
  };
  const go = (href: string) => run(() => goTo(href));

  return (
    <Command className="palette" label="Go to or do" filter={holdsAllWords} loop>
      <Command.Input
        className="palette-input"
        placeholder="Page, strategy, symbol, day or action"
        value={search}
        onValueChange={setSearch}
        autoFocus
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">Nothing by that name.</Command.Empty>
        <Command.Group heading="Pages">
          {pages.map((page) => (
            <Item
              key={page.id}
              icon={page.icon}
              onSelect={go(hrefOf([page.id]))}
              keys={`g ${page.goKey}`}
              value={page.title}
            >
              {page.title} <span className="muted">{page.answers}</span>
            </Item>
          ))}
        </Command.Group>
        {has('parity') && (overview.value?.strategies.length ?? 0) > 0 && (
          <Command.Group heading="Strategies">
            {overview.value?.strategies.map(({ strategy: name, symbols, lastDay }) => (
              <Item
                key={name}
                icon={ChartNoAxesCombined}
                onSelect={go(addresses.strategy(name))}
                value={`strategy ${name}`}
              >
                {name}{' '}
                <span className="muted">
                  {symbols} symbols, to {lastDay}
                </span>
              </Item>
            ))}
          </Command.Group>
        )}
        {has('parity') && strategy !== null && (overview.value?.symbols.length ?? 0) > 0 && (
          <Command.Group heading={`Symbols of ${strategy}`}>
            {overview.value?.symbols.map(({ symbol, status, latestDay }) => (
              <Item
                key={symbol}
                mark={<StatusMark status={status} />}
                onSelect={go(addresses.symbol(strategy, symbol))}
                value={`symbol ${symbol}`}
              >
                {symbol} <span className="muted">{latestDay}</span>
              </Item>
            ))}
          </Command.Group>
        )}
        {strategy !== null && days.length > 0 && (
          <Command.Group heading={symbolOnPath === null ? `Days of ${strategy}` : `Days of ${symbolOnPath}`}>
            {isUtcDay(typedDay) && !days.some(({ day }) => day === typedDay) && (
              <Item icon={CalendarDays} onSelect={go(dayAddress(strategy, symbolOnPath, typedDay))} value={typedDay}>
                {typedDay}
              </Item>
            )}
            {days.map(({ day, status }) => (
              <Item
                key={day}
                mark={<StatusMark status={status} />}
                onSelect={go(dayAddress(strategy, symbolOnPath, day))}
                value={`day ${day}`}
              >
                {day}
              </Item>
            ))}
          </Command.Group>
        )}
        {(deployments.value?.deployments.length ?? 0) > 0 && (
          <Command.Group heading="Deployments">
            {deployments.value?.deployments.map(({ id, strategy: of, version, verdict }) => (
              <Item key={id} icon={Bird} onSelect={go(addresses.deployment(id))} value={`deployment ${of} ${version}`}>
                {of} {version} <span className="muted">{verdictWord(verdict)}</span>
              </Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading="Actions">
          <Item icon={Plus} onSelect={go(addresses.newDeployment())} value="new deployment canary create">
            New deployment
          </Item>
          <Item icon={FileInput} onSelect={run(chooseFiles)} value="import files choose">
            Import files…
          </Item>
          {info.value?.sample === false && (
            <Item icon={FlaskConical} onSelect={run(() => void openSample())} value="open sample desk">
              Open the sample desk
            </Item>
          )}
          {info.value?.sample === true && (
            <Item icon={House} onSelect={run(() => void openMain())} value="back to your desk main">
              Back to your desk
            </Item>
          )}
          <Item
            icon={Link2}
            onSelect={run(() => void navigator.clipboard.writeText(window.location.hash))}
            value="copy address of this page link"
          >
            Copy the address of this page
          </Item>
          <Item
            icon={Keyboard}
            onSelect={() => useOverlays.getState().show('shortcuts')}
            keys="?"
            value="keyboard shortcuts"
          >
            Keyboard shortcuts
          </Item>
          {choice !== 'dark' && (
            <Item icon={Moon} onSelect={run(() => choose('dark'))} value="dark look theme">
              Dark look
            </Item>
          )}
          {choice !== 'light' && (
            <Item icon={Sun} onSelect={run(() => choose('light'))} value="light look theme">
              Light look
            </Item>
          )}
          {choice !== 'system' && (
            <Item icon={SunMoon} onSelect={run(() => choose('system'))} value="look theme as the system">
              Look as the system's
            </Item>
          )}
        </Command.Group>
      </Command.List>
    </Command>
  );
}

/** Every word typed stands somewhere in the name; fuzzy matching finds too much among symbols. */
function holdsAllWords(name: string, search: string): number {
  const text = name.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
    ? 1
    : 0;
}

function dayAddress(strategy: string, symbol: string | null, day: string): string {
  return symbol === null ? addresses.portfolioDay(strategy, day) : addresses.symbolDay(strategy, symbol, day);
}

function Item({
  icon: Icon,
  mark,
  keys,
  value,
  onSelect,
  children,
}: {
  readonly icon?: LucideIcon;
  readonly mark?: React.ReactNode;
  readonly keys?: string;
  readonly value: string;
  readonly onSelect: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <Command.Item className="palette-item" value={value} onSelect={onSelect}>
      {Icon ? <Icon size={15} strokeWidth={1.75} aria-hidden="true" /> : mark}
      <span className="palette-text">{children}</span>
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Command.Item>
  );
}
