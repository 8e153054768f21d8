/**
 * The register of our plugins: one file each in `plugins/`, one line each here.
 *
 * A plugin asks nothing but the desk, sets all text as text, speaks Japanese and English through
 * `words.ts`, and keeps what can be decided without a page in a pure module beside this one.
 */

import { connectionLost, home } from './plugins/home.ts';
import { incoming } from './plugins/incoming.ts';
import { meter } from './plugins/meter.ts';
import { notices } from './plugins/notices.ts';
import { quietEvents, quietRequests } from './plugins/quiet.ts';
import { watch } from './plugins/watch.ts';

export default [quietRequests, quietEvents, incoming, connectionLost, home, watch, meter, notices];
