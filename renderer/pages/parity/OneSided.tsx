import { EmptyState } from '../../components/States';

/** In place of figures that need both sides on a day that has one. */
export function OneSided() {
  return (
    <EmptyState title="Only one side traded">
      A gap against nothing measures nothing. It is shown as soon as both sides have orders on this day.
    </EmptyState>
  );
}
