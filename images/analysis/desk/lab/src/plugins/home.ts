/**
 * The way back to the start page, in the same tab.
 *
 * The page may open no window, so Lab's own entries for the hub would do nothing. This also stands
 * in for Lab's dialog when the connection is lost, whose button would open a window, too.
 */

import { IConnectionLost, JupyterFrontEnd } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator } from '@jupyterlab/translation';

import { wordsFor } from '../words.ts';

const START_PAGE = 'hanare:start-page';
const SIGN_OUT = 'hanare:sign-out';
const RANK = 1000;

function startPage(paths: JupyterFrontEnd.IPaths): string {
  return (paths.urls.hubHost ?? '') + URLExt.join(paths.urls.hubPrefix ?? '/hub/', 'home');
}

export const home: JupyterFrontEndPlugin<void> = {
  id: 'hanare-lab:home',
  description: 'Puts the start page and signing out into the File menu.',
  autoStart: true,
  requires: [JupyterFrontEnd.IPaths, ITranslator],
  optional: [IMainMenu, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    paths: JupyterFrontEnd.IPaths,
    translator: ITranslator,
    menu: IMainMenu | null,
    palette: ICommandPalette | null
  ) => {
    const words = wordsFor(translator.languageCode);
    const described = { args: { type: 'object' as const, properties: {} } };
    const add = (id: string, label: string, target: string): void => {
      app.commands.addCommand(id, {
        label,
        describedBy: described,
        execute: () => {
          window.location.assign(target);
        }
      });
      palette?.addItem({ command: id, category: 'Hanare' });
    };
    add(START_PAGE, words.startPage, startPage(paths));
    add(SIGN_OUT, words.signOut, URLExt.join(paths.urls.base, 'logout'));
    menu?.fileMenu.addGroup([{ command: START_PAGE }, { command: SIGN_OUT }], RANK);
  }
};

export const connectionLost: JupyterFrontEndPlugin<IConnectionLost> = {
  id: 'hanare-lab:connection-lost',
  description: 'Says that the workspace cannot be reached, and shows the way to the start page.',
  autoStart: true,
  requires: [JupyterFrontEnd.IPaths, ITranslator],
  provides: IConnectionLost,
  activate: (_: JupyterFrontEnd, paths: JupyterFrontEnd.IPaths, translator: ITranslator): IConnectionLost => {
    const words = wordsFor(translator.languageCode);
    let shown = false;
    return async (): Promise<void> => {
      if (shown) {
        return;
      }
      shown = true;
      const answer = await showDialog({
        title: words.lostTitle,
        body: words.lostBody,
        buttons: [Dialog.cancelButton({ label: words.wait }), Dialog.okButton({ label: words.startPage })]
      });
      shown = false;
      if (answer.button.accept) {
        window.location.assign(startPage(paths));
      }
    };
  }
};
