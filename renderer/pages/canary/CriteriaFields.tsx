import { Plus, Trash2 } from 'lucide-react';
import { figureNames, moneyFigures } from '../../../shared/canary/figures';
import { figureWord } from '../../../shared/canary/words';
import { Button, IconButton } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { DraftChoice, DraftNumber, DraftText, useDraft } from './DraftFields';
import { problemAt, valueAt } from './draft';

/** A list of criteria, each a line of fields. */
export function CriteriaFields({
  path,
  comparison,
}: {
  readonly path: string;
  readonly comparison: 'at-most' | 'at-least';
}) {
  const { draft, problems, change, fields } = useDraft();
  const list = valueAt(draft, path);
  const criteria: readonly unknown[] = Array.isArray(list) ? list : [];
  const add = () =>
    change(path, [
      ...criteria,
      {
        id: `criterion-${criteria.length + 1}`,
        figure: 'errorRatePercent',
        comparison,
        limit: 1,
        minimumSample: 0,
        holdEvaluations: 3,
        judgedBy: 'value',
      },
    ]);
  fields.add(path);
  const problem = problemAt(problems, path);
  return (
    <div className="canary-form">
      {problem !== null && <p className="field-problem">{problem}</p>}
      {criteria.map((criterion, at) => {
        const here = `${path}.${at}`;
        const figure = String(valueAt(criterion, 'figure'));
        fields.add(here);
        const wrong = problemAt(problems, here);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a criterion is its place while it is written; its id is typed
          <div key={at} className="canary-criterion">
            <SelectField
              label="Figure"
              value={figure}
              onChange={(chosen) => {
                const money = moneyFigures.has(chosen) ? { holdEvaluations: 1, judgedBy: 'value' } : {};
                change(here, { ...(criterion as object), figure: chosen, ...money }); // an object: added above or passed the check
              }}
              groups={[
                {
                  title: null,
                  options: [
                    ...figureNames.map((name) => ({ value: name, title: figureWord(name) })),
                    ...(figureNames.some((name) => name === figure) ? [] : [{ value: figure, title: figure }]),
                  ],
                },
              ]}
              problem={problemAt(problems, `${here}.figure`) ?? wrong}
            />
            <DraftChoice
              path={`${here}.comparison`}
              label="Good side"
              options={[
                { value: 'at-most', title: 'at most' },
                { value: 'at-least', title: 'at least' },
              ]}
            />
            <DraftNumber path={`${here}.limit`} label="Limit" />
            <DraftNumber path={`${here}.minimumSample`} label="Least sample" />
            <DraftNumber path={`${here}.holdEvaluations`} label="Looks in a row" />
            <DraftChoice
              path={`${here}.judgedBy`}
              label="Judged by"
              options={[
                { value: 'value', title: 'value' },
                { value: 'sequential', title: 'sequential test' },
              ]}
            />
            <DraftText path={`${here}.id`} label="Id" />
            <IconButton
              icon={Trash2}
              label={`Remove ${figureWord(figure)}`}
              onClick={() =>
                change(
                  path,
                  criteria.filter((_, index) => index !== at),
                )
              }
            />
          </div>
        );
      })}
      <div>
        <Button icon={Plus} onClick={add}>
          Add a criterion
        </Button>
      </div>
    </div>
  );
}
