/**
 * When a person is told: once for each level that a channel rises to, once for each new sentence.
 *
 * Pure: what was told before goes in, what is to be told now comes out. A new sentence of the server
 * stands for everything that changed with it; our own words are for what it does not speak of. A
 * level that falls (the day rolls on, a file is removed) is forgotten, so that rising again is told
 * again. The first document after the page was opened tells what already holds at 80 and 100 %:
 * whoever opens the page anew must not learn of a limit by running into it.
 */

import { CHANNELS } from './meter_document.ts';
import type { Channel, Level, MeterDocument, Saying } from './meter_document.ts';

/** What this page has told already. */
export interface Told {
  readonly levels: Readonly<Record<Channel, Level>>;
  readonly recorded: boolean;
  readonly say: Saying | null;
}

export const NOTHING_TOLD: Told = {
  levels: { text: 50, image: 50, disk: 50 },
  recorded: true,
  say: null
};

/** One thing to tell now. */
export type News =
  | { readonly kind: 'level'; readonly channel: Channel; readonly level: Level }
  | { readonly kind: 'not_recorded' }
  | { readonly kind: 'say'; readonly say: Saying; readonly level: Level };

/** What is to be told of a document, and what has been told then. */
export function newsOf(told: Told, now: MeterDocument): readonly [readonly News[], Told] {
  const levels = { ...told.levels };
  const risen: News[] = [];
  for (const channel of CHANNELS) {
    const level = now.amounts[channel]?.level ?? told.levels[channel];
    if (level > told.levels[channel]) {
      risen.push({ kind: 'level', channel, level });
    }
    levels[channel] = level;
  }
  const after = { levels, recorded: now.recorded, say: now.say };
  if (now.say !== null && (now.say.ja !== told.say?.ja || now.say.en !== told.say.en)) {
    return [[{ kind: 'say', say: now.say, level: gravity(now) }], after];
  }
  if (told.recorded && !now.recorded && now.say === null) {
    risen.push({ kind: 'not_recorded' });
  }
  return [risen, after];
}

/** How grave a document is: the highest level, and the highest there is when nothing is recorded. */
export function gravity(now: MeterDocument): Level {
  const levels = CHANNELS.map(channel => now.amounts[channel]?.level ?? 0);
  return now.recorded ? (Math.max(...levels) as Level) : 100;
}
