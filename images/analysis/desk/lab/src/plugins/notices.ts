/**
 * Tells a person once when a level is crossed, when the record stops, and what the server says.
 *
 * What is told of a state goes away by itself when the state does.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ITranslator } from '@jupyterlab/translation';

import { NOTHING_TOLD, newsOf } from '../crossings.ts';
import type { News, Told } from '../crossings.ts';
import type { Level, MeterDocument } from '../meter_document.ts';
import { wordsFor } from '../words.ts';
import type { Words } from '../words.ts';
import { IMeterWatch } from './watch.ts';

const SHORT_MS = 12_000;
const STYLES: Readonly<Record<Level, 'info' | 'warning' | 'error'>> = {
  0: 'warning',
  50: 'info',
  80: 'warning',
  100: 'error'
};

/** Notifications that stay until what they say is over, by what they are about. */
class Standing {
  private readonly ids = new Map<string, string>();

  put(about: string, message: string, type: 'info' | 'warning' | 'error', forGood: boolean): void {
    this.drop(about);
    this.ids.set(about, Notification.emit(message, type, { autoClose: forGood ? false : SHORT_MS }));
  }

  drop(about: string): void {
    const id = this.ids.get(about);
    if (id !== undefined) {
      Notification.dismiss(id);
      this.ids.delete(about);
    }
  }
}

function tell(standing: Standing, words: Words, japanese: boolean, news: News): void {
  switch (news.kind) {
    case 'level': {
      const { channel, level } = news;
      const message = `${words.channel[channel]} ${level} %: ${words.advice[channel][level]}`;
      standing.put(channel, message, STYLES[level], level > 50);
      return;
    }
    case 'not_recorded':
      standing.put('record', `${words.notRecorded}: ${words.notRecordedShort}`, 'error', true);
      return;
    case 'say':
      standing.put('say', japanese ? news.say.ja : news.say.en, STYLES[news.level], news.level !== 50);
  }
}

/** Take back what no longer holds. */
function withdraw(standing: Standing, before: Told, after: Told): void {
  if (after.recorded) {
    standing.drop('record');
  }
  if (after.say === null) {
    standing.drop('say');
  }
  for (const channel of ['text', 'image', 'disk'] as const) {
    if (after.levels[channel] < before.levels[channel]) {
      standing.drop(channel);
    }
  }
}

export const notices: JupyterFrontEndPlugin<void> = {
  id: 'hanare-lab:notices',
  description: 'Notifies once when a limit comes near, when the record stops, and what the server says.',
  autoStart: true,
  requires: [IMeterWatch, ITranslator],
  activate: (app: JupyterFrontEnd, watch: IMeterWatch, translator: ITranslator) => {
    const words = wordsFor(translator.languageCode);
    const japanese = words === wordsFor('ja');
    const standing = new Standing();
    let told = NOTHING_TOLD;
    const hear = (now: MeterDocument | null): void => {
      if (now === null) {
        return;
      }
      const [news, after] = newsOf(told, now);
      withdraw(standing, told, after);
      for (const one of news) {
        tell(standing, words, japanese, one);
      }
      told = after;
    };
    // What is emitted before the page stands is put away without being shown.
    void app.restored.then(() => {
      hear(watch.latest);
      watch.answered.connect((_asked, now) => {
        hear(now);
      });
    });
  }
};
