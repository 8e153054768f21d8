/**
 * One poll of the desk's meter for the whole page; the other plugins listen to it.
 *
 * Every five seconds, not while the page is hidden, and slower when the desk does not answer. An
 * answer that failed or is not as agreed is passed on as null: nobody knows, so nobody says so.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { readMeter } from '../meter_document.ts';
import type { MeterDocument } from '../meter_document.ts';

const SECONDS = 5;
const SLOWEST = 30;

export interface IMeterWatch {
  /** What was said last; null while nothing is known. */
  readonly latest: MeterDocument | null;
  /** Emitted after each answer and after each failure to get one. */
  readonly answered: ISignal<IMeterWatch, MeterDocument | null>;
}

export const IMeterWatch = new Token<IMeterWatch>(
  'hanare-lab:IMeterWatch',
  'What the desk says about the display budget, the disk and the record.'
);

class MeterWatch implements IMeterWatch {
  readonly answered = new Signal<this, MeterDocument | null>(this);
  private known: MeterDocument | null = null;
  private readonly settings: ServerConnection.ISettings;

  constructor(settings: ServerConnection.ISettings) {
    this.settings = settings;
  }

  get latest(): MeterDocument | null {
    return this.known;
  }

  async ask(): Promise<void> {
    this.known = null;
    try {
      const address = URLExt.join(this.settings.baseUrl, 'hanare', 'meter');
      const answer = await ServerConnection.makeRequest(address, { method: 'GET' }, this.settings);
      this.known = answer.ok ? readMeter(await answer.json()) : null;
    } finally {
      this.answered.emit(this.known);
    }
  }
}

export const watch: JupyterFrontEndPlugin<IMeterWatch> = {
  id: 'hanare-lab:watch',
  description: 'Asks the desk for its meter every five seconds.',
  autoStart: true,
  provides: IMeterWatch,
  activate: (app: JupyterFrontEnd): IMeterWatch => {
    const settings = app.serviceManager.serverSettings;
    const asked = new MeterWatch(settings);
    const poll = new Poll({
      name: 'hanare-lab:meter',
      factory: () => asked.ask(),
      frequency: { interval: SECONDS * 1000, backoff: true, max: SLOWEST * 1000 },
      standby: 'when-hidden'
    });
    app.serviceManager.sessions.connectionFailure.connect(() => void poll.schedule());
    return asked;
  }
};
