import type { Address } from '../../state/address';

/** Where on the Canary page: the list, the creation, the rules of promotion, the history, or one deployment. */
export type CanaryRoute =
  | { readonly view: 'list'; readonly filter: 'active' | 'ended' | 'all' }
  | { readonly view: 'new' }
  | { readonly view: 'rules' }
  | { readonly view: 'secrets' }
  | { readonly view: 'history' }
  | { readonly view: 'deployment'; readonly id: string }
  | { readonly view: 'playbook'; readonly id: string }
  | { readonly view: 'unknown' };

export function canaryRoute({ path, query }: Address): CanaryRoute {
  const [, part, id, detail, ...more] = path;
  if (more.length > 0) return { view: 'unknown' };
  if (part === undefined) {
    const { show } = query;
    return { view: 'list', filter: show === 'ended' || show === 'all' ? show : 'active' };
  }
  if (id === undefined && (part === 'new' || part === 'rules' || part === 'secrets' || part === 'history'))
    return { view: part };
  if (part === 'deployment' && id !== undefined) {
    if (detail === undefined) return { view: 'deployment', id };
    if (detail === 'playbook') return { view: 'playbook', id };
  }
  return { view: 'unknown' };
}
