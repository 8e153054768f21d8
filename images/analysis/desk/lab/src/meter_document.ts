/**
 * What the desk says at `hanare/meter`, read strictly.
 *
 * Pure: no page, no network, no clock. A document that is not exactly as agreed is no document: the
 * page then says that it does not know, and never that all is well.
 */

export const CHANNELS = ['text', 'image', 'disk'] as const;
export type Channel = (typeof CHANNELS)[number];

export const LEVELS = [0, 50, 80, 100] as const;
export type Level = (typeof LEVELS)[number];

/** How much of one channel is used, of how much. */
export interface Amount {
  readonly used: number;
  readonly limit: number;
  readonly level: Level;
}

/** A sentence of the server's own, in both languages. */
export interface Saying {
  readonly ja: string;
  readonly en: string;
}

export interface MeterDocument {
  /** Null for a channel whose limit the desk does not know right now: it tells 0 of 0. */
  readonly amounts: Readonly<Record<Channel, Amount | null>>;
  /** Whether what is run and shown right now reaches the record. */
  readonly recorded: boolean;
  readonly say: Saying | null;
}

/** The document, or null when it is not as agreed. */
export function readMeter(value: unknown): MeterDocument | null {
  if (!isFields(value) || typeof value['recorded'] !== 'boolean') {
    return null;
  }
  const text = readAmount(value['text'], 'limit');
  const image = readAmount(value['image'], 'limit');
  const disk = readAmount(value['disk'], 'size');
  const say = readSaying(value['say']);
  if (text === undefined || image === undefined || disk === undefined || say === undefined) {
    return null;
  }
  return { amounts: { text, image, disk }, recorded: value['recorded'], say };
}

/** How full a channel is, from 0 to 1. */
export function filled(amount: Amount): number {
  return Math.min(1, amount.used / amount.limit);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The amount, null for a limit that is not known, undefined for something that is neither. */
function readAmount(value: unknown, whole: 'limit' | 'size'): Amount | null | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const level = LEVELS.find(one => one === value['level']);
  const used = value['used'];
  const limit = value[whole];
  if (level === undefined || !isCount(used) || !isCount(limit)) {
    return undefined;
  }
  return limit > 0 ? { used, limit, level } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** The sentence, null for none, undefined for something that is neither. */
function readSaying(value: unknown): Saying | null | undefined {
  if (value === null) {
    return null;
  }
  if (!isFields(value)) {
    return undefined;
  }
  const ja = value['ja'];
  const en = value['en'];
  return typeof ja === 'string' && typeof en === 'string' && ja !== '' && en !== '' ? { ja, en } : undefined;
}
