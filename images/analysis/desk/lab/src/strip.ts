/**
 * The strip in the status bar: whether the record runs, and three small gauges.
 *
 * Each gauge is a `meter` to assistive technology, with a name, a value and words; colour never
 * carries anything alone. All text is set as text, never as HTML.
 */

import { Widget } from '@lumino/widgets';

import { CHANNELS, filled } from './meter_document.ts';
import type { Amount, Channel, MeterDocument } from './meter_document.ts';
import { percent, size } from './words.ts';
import type { Words } from './words.ts';

type RecordState = 'yes' | 'no' | 'unknown';

interface Gauge {
  readonly whole: HTMLElement;
  readonly fill: HTMLElement;
  readonly number: HTMLElement;
}

export class MeterStrip extends Widget {
  private readonly words: Words;
  private readonly record = span('hanare-Record-words');
  private readonly recordItem = span('hanare-Record');
  private readonly gauges: Readonly<Record<Channel, Gauge>>;

  constructor(words: Words) {
    super();
    this.words = words;
    this.addClass('hanare-Strip');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', words.group);
    const light = span('hanare-Record-light');
    light.setAttribute('aria-hidden', 'true');
    this.recordItem.setAttribute('role', 'status');
    this.recordItem.append(light, this.record);
    this.node.append(this.recordItem);
    const made = CHANNELS.map(channel => [channel, this.makeGauge(channel)] as const);
    this.gauges = Object.fromEntries(made) as Record<Channel, Gauge>;
    this.showDocument(null);
  }

  /** Show what is known; null is shown as not known, with the gauges dimmed. */
  showDocument(now: MeterDocument | null): void {
    this.showRecord(now === null ? 'unknown' : now.recorded ? 'yes' : 'no');
    for (const channel of CHANNELS) {
      this.showAmount(channel, now === null ? null : now.amounts[channel]);
    }
  }

  private makeGauge(channel: Channel): Gauge {
    const whole = span('hanare-Gauge');
    const name = span('hanare-Gauge-name');
    const bar = span('hanare-Gauge-bar');
    const fill = span('hanare-Gauge-fill');
    const number = span('hanare-Gauge-number');
    name.textContent = this.words.channel[channel];
    for (const part of [name, bar, number]) {
      part.setAttribute('aria-hidden', 'true');
    }
    bar.append(fill);
    whole.append(name, bar, number);
    whole.tabIndex = 0;
    whole.dataset['channel'] = channel;
    whole.setAttribute('role', 'meter');
    whole.setAttribute('aria-label', this.words.whole[channel]);
    whole.setAttribute('aria-valuemin', '0');
    whole.setAttribute('aria-valuemax', '100');
    this.node.append(whole);
    return { whole, fill, number };
  }

  private showRecord(state: RecordState): void {
    const { recorded, notRecorded, unknown, recordedLong, notRecordedLong, unknownLong } = this.words;
    const short = { yes: recorded, no: notRecorded, unknown }[state];
    this.recordItem.dataset['state'] = state;
    this.recordItem.title = { yes: recordedLong, no: notRecordedLong, unknown: unknownLong }[state];
    if (this.record.textContent !== short) {
      this.record.textContent = short; // only on change: a live region is read aloud at each
    }
  }

  private showAmount(channel: Channel, amount: Amount | null): void {
    const { whole, fill, number } = this.gauges[channel];
    if (amount === null) {
      whole.dataset['level'] = 'unknown';
      whole.setAttribute('aria-valuenow', '0');
      whole.setAttribute('aria-valuetext', this.words.unknown);
      whole.title = `${this.words.whole[channel]}\n${this.words.unknownLong}`;
      fill.style.width = '0';
      number.textContent = '–';
      return;
    }
    const said = this.words.amount(size(amount.used), size(amount.limit), percent(amount));
    const advice = this.words.advice[channel][amount.level];
    whole.dataset['level'] = String(amount.level);
    whole.setAttribute('aria-valuenow', String(Math.floor(filled(amount) * 100)));
    whole.setAttribute('aria-valuetext', said);
    whole.title = `${this.words.whole[channel]}\n${said}\n${advice}`;
    fill.style.width = `${filled(amount) * 100}%`;
    number.textContent = percent(amount);
  }
}

function span(name: string): HTMLElement {
  const made = document.createElement('span');
  made.className = name;
  return made;
}
