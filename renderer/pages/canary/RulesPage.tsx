import { Plus, Save, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type PromotionRules, promotionRulesSchema } from '../../../shared/canary/promotion-rules';
import { call } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { Button, IconButton } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import { addresses } from '../addresses';
import { DecideDialog } from './DecideDialog';
import { DraftFormProvider, DraftText } from './DraftFields';
import { withValue } from './draft';
import { LineSwitch } from './LineSwitch';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const windowsSchema = promotionRulesSchema.shape.windows.element.omit({ note: true }).array().max(50);
const freezesSchema = promotionRulesSchema.shape.freezes.element.omit({ note: true }).array().max(200);

/** When versions of this desk may be promoted. None of it touches a rollback. */
export function RulesPage() {
  const query = useQuery('canary.list', { filter: 'active', page: { offset: 0, limit: 1 } });
  return (
    <Page
      title="When promotions are allowed"
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        { title: 'Windows and freezes', href: null },
      ]}
      lead="Windows, freezes and the line hold promotions back. A rollback asks none of them."
    >
      <Answer query={query}>
        {({ rules }) => (
          <>
            <LineSwitch rules={rules} />
            <Editor key={JSON.stringify([rules.windows, rules.freezes])} rules={rules} />
          </>
        )}
      </Answer>
    </Page>
  );
}

interface Draft {
  readonly windows: readonly { readonly days: readonly number[]; readonly from: string; readonly until: string }[];
  readonly freezes: readonly { readonly from: string; readonly to: string }[];
}

function Editor({ rules }: { readonly rules: PromotionRules }) {
  const stored: Draft = {
    windows: rules.windows.map(({ days, from, until }) => ({ days, from, until })),
    freezes: rules.freezes.map(({ from, to }) => ({ from, to })),
  };
  const [draft, setDraft] = useState(stored);
  const [deciding, setDeciding] = useState(false);
  const fields = useMemo(() => new Set<string>(), []);
  const windows = windowsSchema.safeParse(draft.windows);
  const freezes = freezesSchema.safeParse(draft.freezes);
  const problems = [
    ...(windows.error?.issues ?? []).map(({ path }) => ({
      path: ['windows', ...path.map(String)].join('.'),
      message: path.at(-1) === 'days' ? 'Choose a day.' : 'Write HH:MM, UTC.',
    })),
    ...(freezes.error?.issues ?? []).map(({ path }) => ({
      path: ['freezes', ...path.map(String)].join('.'),
      message: 'Write YYYY-MM-DD.',
    })),
    ...draft.freezes.flatMap(({ from, to }, at) =>
      to < from ? [{ path: `freezes.${at}.to`, message: 'Before its beginning.' }] : [],
    ),
  ];
  const same = JSON.stringify(draft) === JSON.stringify(stored);
  const form = {
    draft,
    problems,
    fields,
    change: (path: string, value: unknown) => setDraft((before) => withValue(before, path, value) as Draft), // the fields keep its shape
  };
  return (
    <DraftFormProvider value={form}>
      <Panel title="Windows, UTC">
        <div className="canary-form">
          {draft.windows.length === 0 && <p className="muted">None: promotions are allowed at any time.</p>}
          {draft.windows.map((window, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a window has no other name than its place
            <div key={at} className="canary-rule">
              <fieldset className="canary-days">
                <legend className="visually-hidden">Days of window {at + 1}</legend>
                {dayNames.map((name, index) => (
                  <label key={name}>
                    <input
                      type="checkbox"
                      checked={window.days.includes(index + 1)}
                      onChange={(event) =>
                        form.change(
                          `windows.${at}.days`,
                          event.target.checked
                            ? [...window.days, index + 1].sort((a, b) => a - b)
                            : window.days.filter((day) => day !== index + 1),
                        )
                      }
                    />{' '}
                    {name}
                  </label>
                ))}
                {window.days.length === 0 && <span className="field-problem">Choose a day.</span>}
              </fieldset>
              <DraftText path={`windows.${at}.from`} label="From" />
              <DraftText
                path={`windows.${at}.until`}
                label="Until"
                note={window.until < window.from ? 'next day' : ' '}
              />
              <IconButton
                icon={Trash2}
                label={`Remove window ${at + 1}`}
                onClick={() => setDraft({ ...draft, windows: draft.windows.filter((_, index) => index !== at) })}
              />
              <NoteOf note={rules.windows[at]?.note} />
            </div>
          ))}
          <div>
            <Button
              icon={Plus}
              onClick={() =>
                setDraft({
                  ...draft,
                  windows: [...draft.windows, { days: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' }],
                })
              }
            >
              Add a window
            </Button>
          </div>
        </div>
      </Panel>
      <Panel title="Freezes">
        <div className="canary-form">
          {draft.freezes.length === 0 && <p className="muted">None.</p>}
          {draft.freezes.map((_freeze, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a freeze has no other name than its place
            <div key={at} className="canary-rule">
              <DraftText path={`freezes.${at}.from`} label="First day" placeholder="2026-12-24" />
              <DraftText path={`freezes.${at}.to`} label="Last day" placeholder="2027-01-02" />
              <IconButton
                icon={Trash2}
                label={`Remove freeze ${at + 1}`}
                onClick={() => setDraft({ ...draft, freezes: draft.freezes.filter((_, index) => index !== at) })}
              />
              <NoteOf note={rules.freezes[at]?.note} />
            </div>
          ))}
          <div>
            <Button
              icon={Plus}
              onClick={() => setDraft({ ...draft, freezes: [...draft.freezes, { from: '', to: '' }] })}
            >
              Add a freeze
            </Button>
          </div>
        </div>
      </Panel>
      <div className="canary-create">
        <Button look="primary" icon={Save} disabled={same || problems.length > 0} onClick={() => setDeciding(true)}>
          Save the rules…
        </Button>
        {same && <span className="muted">Nothing is changed.</span>}
      </div>
      {deciding && windows.success && freezes.success && (
        <DecideDialog
          title="Save the rules"
          describes="They hold for every promotion on this desk from now on."
          action="Save"
          icon={Save}
          onClose={() => setDeciding(false)}
          decide={(reason) => call('canary.setWindows', { windows: windows.data, freezes: freezes.data, reason })}
        />
      )}
    </DraftFormProvider>
  );
}

/** Who set it and why; absent for one that is not saved yet. */
function NoteOf({ note }: { readonly note: PromotionRules['windows'][number]['note'] | undefined }) {
  if (note === undefined) return <span className="muted">not saved yet</span>;
  return (
    <span className="muted">
      {note.by}, <Time atUs={note.atUs} precision="day" />: {note.reason}
    </span>
  );
}
