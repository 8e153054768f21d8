/**
 * What Lab would ask for although the desk has closed it is answered in the page.
 *
 * The desk counts what it refuses, because a refusal should mean that somebody tried something. Lab
 * by itself asks for an event stream and for the place of every path that a warning names; here it
 * gets the answer that nothing is there, without asking.
 */

import { IEventManager, IServerSettings, ServerConnection } from '@jupyterlab/services';
import type { Event, ServiceManagerPlugin } from '@jupyterlab/services';
import { Stream } from '@lumino/signaling';

const PATHS_ASKED_FOR = '/api/resolvePath';
const NOTHING_FOUND = JSON.stringify({ resolved: [] });

class QuietEvents implements Event.IManager {
  readonly serverSettings: ServerConnection.ISettings;
  isDisposed = false;
  private readonly source = new Stream<Event.IManager, Event.Emission>(this);

  constructor(settings: ServerConnection.ISettings) {
    this.serverSettings = settings;
  }

  get stream(): Event.Stream {
    return this.source;
  }

  emit(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.isDisposed = true;
    this.source.stop();
  }
}

export const quietEvents: ServiceManagerPlugin<Event.IManager> = {
  id: 'hanare-lab:quiet-events',
  description: 'Takes the place of the event stream that the desk does not have.',
  autoStart: true,
  requires: [IServerSettings],
  provides: IEventManager,
  activate: (_: null, settings: ServerConnection.ISettings) => new QuietEvents(settings)
};

export const quietRequests: ServiceManagerPlugin<ServerConnection.ISettings> = {
  id: 'hanare-lab:quiet-requests',
  description: 'Answers in the page what the desk would have to refuse.',
  autoStart: true,
  provides: IServerSettings,
  activate: () => {
    const ask: ServerConnection.ISettings['fetch'] = (request, init) => {
      const address = new URL(request instanceof Request ? request.url : request, location.href);
      return address.pathname.endsWith(PATHS_ASKED_FOR)
        ? Promise.resolve(new Response(NOTHING_FOUND, { headers: { 'Content-Type': 'application/json' } }))
        : window.fetch(request, init);
    };
    return ServerConnection.makeSettings({ fetch: ask });
  }
};
