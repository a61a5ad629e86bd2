import { Tooltip as Radix } from 'radix-ui';
import { Children, isValidElement } from 'react';

export const TooltipProvider = Radix.Provider;

/** Explains what it wraps, on hover and on keyboard focus. Text that is not a control becomes focusable, so that the keyboard reaches it. */
export function Tooltip({ text, children }: { readonly text: React.ReactNode; readonly children: React.ReactNode }) {
  const only = Children.count(children) === 1 && isValidElement(children) ? children : null;
  const isControl = only !== null && (only.type === 'button' || only.type === 'a' || typeof only.type !== 'string');
  return (
    <Radix.Root>
      <Radix.Trigger asChild>
        {isControl ? (
          only
        ) : (
          <button type="button" className="tooltip-trigger">
            {children}
          </button>
        )}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
