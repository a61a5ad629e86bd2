import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';

/**
 * Acts once it was held long enough, by pointer or by Enter; letting go, leaving it or another window in front starts over. Clicks and
 * double clicks do nothing, and neither do events that no hand made.
 */
export function HoldButton(props: {
  readonly holdMs: number;
  readonly disabled: boolean;
  readonly describedBy: string;
  readonly onHeld: (heldMs: number) => void;
  readonly children: React.ReactNode;
}) {
  const { holdMs, disabled, describedBy, onHeld, children } = props;
  const startedMs = useRef<number | null>(null);
  const frame = useRef(0);
  const [share, setShare] = useState(0);

  function stop(): void {
    startedMs.current = null;
    cancelAnimationFrame(frame.current);
    setShare(0);
  }

  function start(): void {
    if (disabled || startedMs.current !== null) return;
    const began = performance.now();
    startedMs.current = began;
    const look = () => {
      if (startedMs.current !== began) return;
      const heldMs = performance.now() - began;
      if (heldMs >= holdMs) {
        stop();
        onHeld(heldMs);
        return;
      }
      setShare(heldMs / holdMs);
      frame.current = requestAnimationFrame(look);
    };
    frame.current = requestAnimationFrame(look);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a button that is disabled while held lets go by itself
  useEffect(() => {
    if (disabled) stop();
    window.addEventListener('blur', stop);
    return () => {
      window.removeEventListener('blur', stop);
      cancelAnimationFrame(frame.current);
      startedMs.current = null;
    };
  }, [disabled]);

  return (
    <button
      type="button"
      className="guard-hold"
      disabled={disabled}
      aria-describedby={describedBy}
      onPointerDown={(event: PointerEvent) => {
        if (event.isTrusted && event.button === 0) start();
      }}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Enter') return;
        event.preventDefault(); // it would click at once
        if (event.isTrusted && !event.repeat) start();
      }}
      onKeyUp={stop}
      onBlur={stop}
    >
      <span className="guard-hold-bar" style={{ transform: `scaleX(${share})` }} aria-hidden="true" />
      <span className="guard-hold-text">{children}</span>
    </button>
  );
}
