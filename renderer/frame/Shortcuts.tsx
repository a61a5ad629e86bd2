import { Dialog } from '../components/Dialog';
import { pages } from '../pages/registry';
import { useOverlays } from '../state/overlays';
import { commandKeyName } from './keys';

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      [`${commandKeyName} K`, 'Go to a page, strategy, symbol or day; run a command'],
      ['?', 'This list'],
      ['Esc', 'Close what is open'],
      ['Tab', 'Next control; Shift Tab the one before'],
    ],
  },
  { title: 'Pages', keys: pages.map((page) => [`g ${page.goKey}`, page.title] as const) },
  {
    title: 'A day of Parity',
    keys: [
      ['k', 'Previous day'],
      ['j', 'Next day'],
      ['Shift K', 'Previous symbol'],
      ['Shift J', 'Next symbol'],
    ],
  },
  {
    title: 'Reports',
    keys: [
      ['k', 'Month before'],
      ['j', 'Month after'],
      ['Arrows', 'From report to report; Enter opens one'],
    ],
  },
  {
    title: 'Charts',
    keys: [
      ['← →', 'Point by point; Enter opens one'],
      [`Drag, ${commandKeyName} wheel`, 'Pan and zoom'],
    ],
  },
  {
    title: 'Tables',
    keys: [
      ['↑ ↓', 'Row by row'],
      ['Page Up, Page Down', 'Screen by screen'],
      ['Home, End', 'First and last row'],
      ['Enter', 'Open the row'],
    ],
  },
];

export function Shortcuts() {
  const { open, close } = useOverlays();
  return (
    <Dialog open={open === 'shortcuts'} onClose={close} title="Keyboard">
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
