// The shape every language must have: a missing or superfluous text does not compile.
import { en } from './en';
import { zh } from './zh-CN';

type Shape<T> = {
  [Key in keyof T]: T[Key] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : T[Key] extends string
      ? string
      : Shape<T[Key]>;
};

/** All texts of one language. */
export type Texts = Shape<typeof zh>;

/** The languages of the screen, by the words of `window.language`. */
export const languages = { 'zh-CN': zh, en } satisfies Record<string, Texts>;

/** One of them. */
export type Language = keyof typeof languages;

/** The language of a setting; Chinese where it is not known. */
export function languageOf(setting: string): Language {
  return setting === 'en' ? 'en' : 'zh-CN';
}
