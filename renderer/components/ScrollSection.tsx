/** A named part of a page that scrolls by itself and that the keyboard can therefore reach. */
export function ScrollSection(props: {
  readonly className: string;
  readonly label: string;
  readonly children: React.ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={props.className} tabIndex={0} aria-label={props.label}>
      {props.children}
    </section>
  );
}
