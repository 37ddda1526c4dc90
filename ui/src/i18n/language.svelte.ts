// The language of the screen at this moment, and its texts.
import { languageOf, languages, type Language, type Texts } from './texts';

export class Tongue {
  /** The language in use. */
  language: Language = $state('zh-CN');

  /** Its texts. */
  get t(): Texts {
    return languages[this.language];
  }

  /** Starts from the window's setting. */
  begin(setting: string): void {
    this.#use(languageOf(setting));
  }

  /** The other language. */
  toggle(): void {
    this.#use(this.language === 'en' ? 'zh-CN' : 'en');
  }

  #use(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
  }
}
