/** Text files that a person brings in are handed to the desk as text. */

import { Drive, IDefaultDrive, IServerSettings } from '@jupyterlab/services';
import type { Contents, ServerConnection, ServiceManagerPlugin } from '@jupyterlab/services';

import { textOfBase64 } from '../incoming_text.ts';

class TextDrive extends Drive {
  override save(path: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    if (options.type === 'file' && options.format === 'base64' && typeof options.content === 'string') {
      const text = textOfBase64(options.content);
      if (text !== null) {
        return super.save(path, { ...options, format: 'text', content: text });
      }
    }
    return super.save(path, options);
  }
}

export const incoming: ServiceManagerPlugin<Contents.IDrive> = {
  id: 'hanare-lab:incoming',
  description: 'Hands text files that are brought in to the desk as text.',
  autoStart: true,
  requires: [IServerSettings],
  provides: IDefaultDrive,
  activate: (_: null, settings: ServerConnection.ISettings) => new TextDrive({ serverSettings: settings })
};
