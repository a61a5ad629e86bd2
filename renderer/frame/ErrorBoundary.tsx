import { RotateCw } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button, ButtonLink } from '../components/Button';
import { EmptyState } from '../components/States';
import { addresses } from '../pages/addresses';

/** Keeps a fault in one page from taking the console with it: the rail, the strip and the other pages go on. */
export class ErrorBoundary extends Component<
  { readonly place: string; readonly children: ReactNode },
  { readonly thrown: Error | null }
> {
  override state: { readonly thrown: Error | null } = { thrown: null };

  static getDerivedStateFromError(thrown: unknown): { readonly thrown: Error } {
    return { thrown: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    if (thrown === null) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          title={`${this.props.place} cannot be shown.`}
          actions={
            <>
              <Button icon={RotateCw} onClick={() => this.setState({ thrown: null })}>
                Show it again
              </Button>
              <ButtonLink href={addresses.about()}>About and help</ButtonLink>
            </>
          }
        >
          <p>The fault is in this page alone; imports and everything stored go on untouched.</p>
          <code>{thrown.message}</code>
        </EmptyState>
      </div>
    );
  }
}
