/**
 * Every word of this extension, in Japanese and in English.
 *
 * Pure. The two languages are one type, so that a sentence missing in either does not compile.
 * Sentences say what is so and what to do next, and name no value of any data.
 */

import { filled } from './meter_document.ts';
import type { Amount, Channel, Level } from './meter_document.ts';

export interface Words {
  readonly channel: Readonly<Record<Channel, string>>;
  readonly whole: Readonly<Record<Channel, string>>;
  readonly advice: Readonly<Record<Channel, Readonly<Record<Level, string>>>>;
  readonly recorded: string;
  readonly notRecorded: string;
  readonly unknown: string;
  readonly recordedLong: string;
  readonly notRecordedLong: string;
  readonly notRecordedShort: string;
  readonly unknownLong: string;
  readonly amount: (used: string, limit: string, percent: string) => string;
  readonly group: string;
  readonly startPage: string;
  readonly signOut: string;
  readonly lostTitle: string;
  readonly lostBody: string;
  readonly wait: string;
}

const JA: Words = {
  channel: { text: '文字', image: '画像', disk: 'ディスク' },
  whole: {
    text: '表示した文字(1時間と1日の上限のうち、近いほう)',
    image: '表示した画像(1時間と1日の上限のうち、近いほう)',
    disk: 'このワークスペースのディスク'
  },
  advice: {
    text: {
      0: '上限に達すると、その後の文字の出力は表示されません。',
      50: '半分を使いました。表全体ではなく、件数や要約を表示してください。',
      80: '残りわずかです。表示は集計した結果だけにし、必要な表は持ち出しを申請してください。',
      100: '上限に達したため、文字の出力は表示されません。集計して時間をおくか、持ち出しを申請してください。'
    },
    image: {
      0: '上限に達すると、その後の画像は表示されません。',
      50: '半分を使いました。図の枚数や解像度を減らしてください。',
      80: '残りわずかです。図は必要なものだけ、低い解像度で表示してください。',
      100: '上限に達したため、画像は表示されません。時間をおくか、図の持ち出しを申請してください。'
    },
    disk: {
      0: '満杯になると、ファイルを保存できません。',
      50: '半分を使いました。不要な中間ファイルを削除してください。',
      80: '残りわずかです。保存できなくなる前に、不要なファイルを削除してください。',
      100: 'ディスクが満杯です。ファイルを削除してから、保存し直してください。'
    }
  },
  recorded: '記録中',
  notRecorded: '記録できません',
  unknown: '記録の状態を確認できません',
  recordedLong: '実行したセルと表示した出力は記録されています。',
  notRecordedLong:
    '記録係に接続できないため、セルは実行されず、出力も表示されません。少し待ってから、もう一度実行してください。続く場合は運用者に連絡してください。',
  notRecordedShort: 'セルは実行されず、出力も表示されません。少し待ってから、もう一度実行してください。',
  unknownLong: '使用量と記録の状態を確認できません。接続が戻ると自動的に更新されます。',
  amount: (used, limit, percent) => `${limit} 中 ${used} (${percent})`,
  group: 'Hanare: 記録の状態と使用量',
  startPage: 'スタートページへ戻る',
  signOut: 'サインアウト',
  lostTitle: 'ワークスペースに接続できません',
  lostBody:
    'ワークスペースが終了したか、接続が切れています。保存したファイルは残っています。スタートページで状態を確認し、もう一度開いてください。',
  wait: 'このまま待つ'
};

const EN: Words = {
  channel: { text: 'Text', image: 'Images', disk: 'Disk' },
  whole: {
    text: 'Text shown (of the nearer limit, hour or day)',
    image: 'Images shown (of the nearer limit, hour or day)',
    disk: 'Disk of this workspace'
  },
  advice: {
    text: {
      0: 'At the limit, further text output is not shown.',
      50: 'Half is used. Show counts and summaries instead of whole tables.',
      80: 'Little is left. Show aggregated results only, and request a release for tables you need.',
      100: 'The limit is reached and text output is not shown. Aggregate and wait, or request a release.'
    },
    image: {
      0: 'At the limit, further images are not shown.',
      50: 'Half is used. Make fewer figures, or at a lower resolution.',
      80: 'Little is left. Show only the figures you need, at a low resolution.',
      100: 'The limit is reached and images are not shown. Wait, or request a release for your figures.'
    },
    disk: {
      0: 'When it is full, files cannot be saved.',
      50: 'Half is used. Delete intermediate files you no longer need.',
      80: 'Little is left. Delete files you no longer need before saving fails.',
      100: 'The disk is full. Delete files, then save again.'
    }
  },
  recorded: 'Recording',
  notRecorded: 'Not recording',
  unknown: 'Record not confirmed',
  recordedLong: 'Cells you run and outputs you see are recorded.',
  notRecordedLong:
    'The record cannot be reached, so cells are not run and outputs are not shown. Wait a moment and run again. If this lasts, contact the operator.',
  notRecordedShort: 'Cells are not run and outputs are not shown. Wait a moment and run again.',
  unknownLong: 'Use and record cannot be confirmed. This updates by itself when the connection is back.',
  amount: (used, limit, percent) => `${used} of ${limit} (${percent})`,
  group: 'Hanare: record and use',
  startPage: 'Back to the start page',
  signOut: 'Sign out',
  lostTitle: 'The workspace cannot be reached',
  lostBody:
    'The workspace has ended, or the connection is lost. Saved files are kept. See its state on the start page and open it again.',
  wait: 'Keep waiting'
};

/** The words in the language of the page. */
export function wordsFor(languageCode: string): Words {
  return languageCode.toLowerCase().startsWith('ja') ? JA : EN;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes as people read it: 1.4 MB. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const shown = unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
  return `${shown} ${UNITS[unit] ?? ''}`;
}

/** How much is used, in percent, rounded down: 100 % is said only when it is so. */
export function percent(amount: Amount): string {
  return `${Math.floor(filled(amount) * 100)} %`;
}
