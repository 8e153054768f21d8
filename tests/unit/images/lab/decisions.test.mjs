/** The pure modules of the Lab extension, run by node as they are; test_lab_extension.py starts it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

const source = new URL('../../../../images/analysis/desk/lab/src/', import.meta.url);
const { NOTHING_TOLD, gravity, newsOf } = await import(new URL('crossings.ts', source));
const { filled, readMeter } = await import(new URL('meter_document.ts', source));
const { textOfBase64 } = await import(new URL('incoming_text.ts', source));
const { percent, size, wordsFor } = await import(new URL('words.ts', source));

const document = (changes = {}) => ({
  text: { used: 200, limit: 1000, level: 0 },
  image: { used: 0, limit: 1000, level: 0 },
  disk: { used: 1, size: 1000, level: 0 },
  recorded: true,
  say: null,
  ...changes
});
const at = (text, more = {}) => readMeter(document({ text: { used: 10 * text, limit: 1000, level: text }, ...more }));
const say = { ja: '待ってください。', en: 'Please wait.' };

test('a document is read as agreed', () => {
  const read = readMeter(document({ say }));
  assert.deepEqual(read.amounts.disk, { used: 1, limit: 1000, level: 0 });
  assert.equal(filled(read.amounts.text), 0.2);
  assert.deepEqual(read.say, say);
  assert.equal(read.recorded, true);
});

test('anything else is no document', () => {
  const wrong = [
    null, undefined, 7, 'x', [], {},
    document({ recorded: 'yes' }), document({ recorded: undefined }), document({ text: null }),
    document({ text: { used: -1, limit: 1, level: 0 } }), document({ text: { used: 1, limit: 1, level: 60 } }),
    document({ text: { used: NaN, limit: 1, level: 0 } }), document({ disk: { used: 1, limit: 1, level: 0 } }),
    document({ say: 'hello' }), document({ say: { ja: 'x' } }), document({ say: { ja: '', en: '' } }), document({ say: undefined })
  ];
  for (const one of wrong) {
    assert.equal(readMeter(one), null, JSON.stringify(one));
  }
});

test('a limit that the desk does not know is not full and not empty, but unknown', () => {
  assert.equal(readMeter(document({ text: { used: 0, limit: 0, level: 0 } })).amounts.text, null);
});

test('each level is told once, and again after it fell', () => {
  let told = NOTHING_TOLD;
  const heard = [];
  for (const level of [0, 50, 50, 80, 80, 100, 50, 80, 0, 50]) {
    const [news, after] = newsOf(told, at(level));
    heard.push(...news.map(one => one.level));
    told = after;
  }
  assert.deepEqual(heard, [50, 80, 100, 80, 50]);
});

test('a page that is opened at 80 % tells so, at 50 % it does not', () => {
  assert.deepEqual(newsOf(NOTHING_TOLD, at(80))[0], [{ kind: 'level', channel: 'text', level: 80 }]);
  assert.deepEqual(newsOf(NOTHING_TOLD, at(50))[0], []);
});

test('an unknown limit forgets nothing that was told', () => {
  const told = newsOf(NOTHING_TOLD, at(80))[1];
  const unknown = readMeter(document({ text: { used: 0, limit: 0, level: 0 } }));
  const [news, after] = newsOf(told, unknown);
  assert.deepEqual(news, []);
  assert.deepEqual(newsOf(after, at(80))[0], []);
});

test('the end of the record is told once, and again after it came back', () => {
  const stopped = readMeter(document({ recorded: false }));
  const [first, told] = newsOf(NOTHING_TOLD, stopped);
  assert.deepEqual(first, [{ kind: 'not_recorded' }]);
  assert.deepEqual(newsOf(told, stopped)[0], []);
  const back = newsOf(told, readMeter(document()))[1];
  assert.deepEqual(newsOf(back, stopped)[0], [{ kind: 'not_recorded' }]);
});

test('a new sentence of the server stands for what changed with it, once', () => {
  const [news, told] = newsOf(NOTHING_TOLD, at(100, { say, recorded: false }));
  assert.deepEqual(news, [{ kind: 'say', say, level: 100 }]);
  assert.deepEqual(newsOf(told, at(100, { say, recorded: false }))[0], []);
  const other = { ja: '別の文。', en: 'Another.' };
  assert.deepEqual(newsOf(told, at(100, { say: other }))[0], [{ kind: 'say', say: other, level: 100 }]);
});

test('what the sentence that stands already does not speak of is told in our words', () => {
  const told = newsOf(NOTHING_TOLD, at(80, { say }))[1];
  const risen = at(80, { say, disk: { used: 900, size: 1000, level: 80 } });
  assert.deepEqual(newsOf(told, risen)[0], [{ kind: 'level', channel: 'disk', level: 80 }]);
});

test('nothing is graver than no record', () => {
  assert.equal(gravity(at(0)), 0);
  assert.equal(gravity(at(80)), 80);
  assert.equal(gravity(at(0, { recorded: false })), 100);
});

test('sizes and parts are said as people read them', () => {
  assert.deepEqual(
    [0, 999, 1000, 1450, 99_949, 2_000_000, 9_960_000, 12_300_000_000].map(size),
    ['0 B', '999 B', '1 kB', '1.4 kB', '99.9 kB', '2 MB', '10 MB', '12.3 GB']
  );
  assert.equal(percent({ used: 999, limit: 1000, level: 80 }), '99 %');
  assert.equal(percent({ used: 5000, limit: 1000, level: 100 }), '100 %');
});

test('both languages say everything, and what is shown as a notice is short enough to be shown whole', () => {
  const [ja, en] = [wordsFor('ja_JP'), wordsFor('en')];
  assert.notEqual(ja, en);
  assert.equal(wordsFor('ja-JP'), ja);
  assert.equal(wordsFor('fr'), en);
  for (const words of [ja, en]) {
    for (const channel of ['text', 'image', 'disk']) {
      for (const level of [50, 80, 100]) {
        const notice = `${words.channel[channel]} ${level} %: ${words.advice[channel][level]}`;
        assert.ok(notice.length <= 140, notice);
      }
    }
    assert.ok(`${words.notRecorded}: ${words.notRecordedShort}`.length <= 140);
  }
});

test('what is brought in is text, or is left as it came', () => {
  const letters = bytes => Buffer.from(bytes).toString('base64');
  assert.equal(textOfBase64(letters('値 = 1\n')), '値 = 1\n');
  assert.equal(textOfBase64(''), '');
  assert.equal(textOfBase64(letters([0x89, 0x50, 0x4e, 0x47])), null);
  assert.equal(textOfBase64('no base64 at all'), null);
});
