/** A frame in a page of ours grows with what is in it; in another site it has the height that was given to it. */
export function fitFrame(): void {
  const main = document.querySelector("main.cp-embed");
  // The frame is of the page around: none of this one's classes fits it.
  const frame = window.frameElement as HTMLElement | null;
  if (!main || !frame) return;
  const fit = (): void => {
    frame.style.height = `${Math.ceil(main.getBoundingClientRect().height) + 16}px`;
  };
  new ResizeObserver(fit).observe(main);
}
