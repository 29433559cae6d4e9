/** A choice of how a chart is drawn: a list beside its title. */
import { make } from "../page";

export interface Choice {
  readonly element: HTMLElement;
  /** Show which one is chosen, and which ones cannot be. */
  show(chosen: string, disabled?: (value: string) => boolean): void;
}

/** Return a list of `options`, value and text; `changed` is called with what a reader chooses. */
export function choice(label: string, options: readonly (readonly [string, string])[], changed: (value: string) => void): Choice {
  const select = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
  select.addEventListener("change", () => changed(select.value));
  return {
    element: make("label", { class: "cp-ch-choice" }, make("span", {}, label), select),
    show: (chosen, disabled = () => false) => {
      for (const option of select.options) option.disabled = disabled(option.value);
      if (select.value !== chosen) select.value = chosen;
    },
  };
}
