/** Copying a text. In: the text. Out: what to say about it. */
import type { Words } from "./words";

/** Copy `text`; where the browser does not, the sentence has it. */
export async function copied(text: string, words: Words): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return words.say("copied");
  } catch {
    return words.say("not_copied", { text });
  }
}
