import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useRef } from 'react';
import { IconButton } from './Button';

/**
 * A dialog over the page: focus stays inside, Escape closes, focus returns to where it was. The backdrop is our own element because
 * Radix's one injects a style sheet, which the page's content policy refuses.
 */
export function Dialog({
  open,
  onClose,
  title,
  describes,
  size = 'normal',
  bare = false,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One sentence under the title; read out when the dialog opens. */
  readonly describes?: string;
  readonly size?: 'normal' | 'wide';
  /** No visible title bar (the title still names the dialog). */
  readonly bare?: boolean;
  readonly children: React.ReactNode;
}) {
  const before = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="backdrop" />
        <Radix.Content
          className={`dialog dialog-${size}`}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            // There is no trigger to return to; and where the dialog went to another page, the focus is there already.
            event.preventDefault();
            if (document.activeElement === document.body && before.current instanceof HTMLElement)
              before.current.focus();
          }}
          {...(describes === undefined && { 'aria-describedby': undefined })}
        >
          <header className={bare ? 'visually-hidden' : 'dialog-header'}>
            <Radix.Title>{title}</Radix.Title>
            {!bare && (
              <Radix.Close asChild>
                <IconButton icon={X} label="Close" />
              </Radix.Close>
            )}
          </header>
          {describes !== undefined && (
            <Radix.Description className={bare ? 'visually-hidden' : 'dialog-describes'}>{describes}</Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
