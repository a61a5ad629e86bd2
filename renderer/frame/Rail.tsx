import { Info, Keyboard } from 'lucide-react';
import { addresses } from '../pages/addresses';
import { pages } from '../pages/registry';
import { hrefOf } from '../state/address';
import { useOverlays } from '../state/overlays';
import { Mark } from './Mark';

/** The pages, one below the other; the current one is marked by a bar, by weight and for screen readers. */
export function Rail({ current }: { readonly current: string | null }) {
  const show = useOverlays((overlays) => overlays.show);
  return (
    <nav className="rail" aria-label="Pages">
      <a className="rail-mark" href={addresses.home()} aria-label="Lockstep, first page">
        <Mark size={24} />
      </a>
      <ul>
        {pages
          .filter((page) => page.id !== 'about')
          .map(({ id, title, answers, goKey, icon: Icon }) => (
            <li key={id}>
              <a
                className="rail-item"
                href={hrefOf([id])}
                aria-current={id === current ? 'page' : undefined}
                title={`${answers}  (g ${goKey})`}
              >
                <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
                {title}
              </a>
            </li>
          ))}
      </ul>
      <div className="rail-foot">
        <button type="button" className="rail-item" onClick={() => show('shortcuts')} title="Keyboard shortcuts  (?)">
          <Keyboard size={18} strokeWidth={1.75} aria-hidden="true" />
          Keys
        </button>
        <a
          className="rail-item"
          href={addresses.about()}
          aria-current={current === 'about' ? 'page' : undefined}
          title="Version, data folder, formats and help  (g a)"
        >
          <Info size={18} strokeWidth={1.75} aria-hidden="true" />
          About
        </a>
      </div>
    </nav>
  );
}
