/**
 * Colours of charts. They differ in lightness as well as in hue, so that they differ for everybody and in print; what they
 * tell is told by form, mark or number too. Shapes carry them as attributes: a saved drawing needs no style sheet.
 */
export const INK = "#1a2433";
export const SOFT = "#4a586a";
export const LINE = "#d5dde8";
export const PAPER = "#ffffff";
export const NOW = "#14549c";
export const PALE = "#9db8d6";
export const THEN = "#b04a00";
export const CHOSEN = "#0b2143";
export const WARN = "#8a5300";
/** From none to most. */
export const STEPS = ["#f4f6f9", "#d3e3f3", "#a3c6e5", "#5f9fd0", "#2a6ca9", "#0b3a73"] as const;
/** Ink on each of STEPS. */
export const ON_STEPS = [SOFT, INK, INK, INK, PAPER, PAPER] as const;
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';
