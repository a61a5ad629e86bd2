import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  /** `primary` once per view at most; `quiet` inside tables and bars; `danger` takes something away. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  /** Work is under way: the button keeps its size, cannot be pressed, and says so. */
  readonly busy?: boolean;
  readonly type?: 'button' | 'submit';
}

export function Button({
  look = 'plain',
  icon: Icon,
  busy = false,
  children,
  className,
  disabled,
  type,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      className={`button button-${look} ${className ?? ''}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : Icon && <Icon size={14} aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A button that is only an icon; `label` is its name for those who do not see it, and its tooltip. */
export function IconButton({
  icon: Icon,
  label,
  ...rest
}: { readonly icon: LucideIcon; readonly label: string } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'>) {
  return (
    <button type="button" className="button button-quiet button-icon" aria-label={label} title={label} {...rest}>
      <Icon size={15} aria-hidden="true" />
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, and can be opened or copied like any link. */
export function ButtonLink({
  href,
  look = 'plain',
  icon: Icon,
  children,
}: {
  readonly href: string;
  readonly look?: 'primary' | 'plain' | 'quiet';
  readonly icon?: LucideIcon;
  readonly children: React.ReactNode;
}) {
  return (
    <a className={`button button-${look}`} href={href}>
      {Icon && <Icon size={14} aria-hidden="true" />}
      {children}
    </a>
  );
}
