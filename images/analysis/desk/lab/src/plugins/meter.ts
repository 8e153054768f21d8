/** The meter in the status bar. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';

import { MeterStrip } from '../strip.ts';
import { wordsFor } from '../words.ts';
import { IMeterWatch } from './watch.ts';

export const meter: JupyterFrontEndPlugin<void> = {
  id: 'hanare-lab:meter',
  description: 'Shows the display budget, the disk and the record in the status bar.',
  autoStart: true,
  requires: [IMeterWatch, IStatusBar, ITranslator],
  activate: (_: JupyterFrontEnd, watch: IMeterWatch, bar: IStatusBar, translator: ITranslator) => {
    const strip = new MeterStrip(wordsFor(translator.languageCode));
    strip.showDocument(watch.latest);
    watch.answered.connect((_asked, now) => {
      strip.showDocument(now);
    });
    bar.registerStatusItem('hanare-lab:meter', { item: strip, align: 'left', rank: -10, priority: 1 });
  }
};
