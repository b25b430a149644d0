// SPDX-License-Identifier: GPL-3.0-only
// What the scripts of all client libraries share: arguments, signers, progress on stderr, the report on stdout.
import { parseArgs } from 'node:util';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';

// A test that hangs tells nothing: end it, and say where it stood. A light client may need two minutes until it is in sync.
const LIMIT_MS = 270_000;
const started = Date.now();
let current = 'starting';

setTimeout(() => fail(`no result within ${LIMIT_MS} ms`), LIMIT_MS).unref();
process.on('uncaughtException', (error) => fail(error.stack ?? error));
process.on('unhandledRejection', (error) => fail(error?.stack ?? error));

// The values of the options on the command line. Each of `required` has to be there with a value; one of `optional` may be;
// one of `flags` is true or false.
export function readOptions({ required = [], optional = [], flags = [] }) {
  const named = (names, type) => names.map((name) => [name, { type }]);
  const options = Object.fromEntries([...named([...required, ...optional], 'string'), ...named(flags, 'boolean')]);
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    fail(error.message);
  }
  const missing = required.filter((name) => values[name] === undefined);
  expect(missing.length === 0, `missing: ${missing.map((name) => `--${name}`).join(', ')}`);
  return values;
}

// The key pair of a derivation such as //Alice.
export async function keyPair(derivation) {
  await cryptoWaitReady();
  return new Keyring({ type: 'sr25519' }).addFromUri(derivation);
}

// Does one step: the step's result, and the milliseconds it took.
export async function timed(name, work) {
  step(name);
  const begun = Date.now();
  const result = await work();
  return [result, Date.now() - begun];
}

export function step(name) {
  current = name;
  console.error(`${Date.now() - started} ms: ${name}`);
}

// Prints the report, the one line on stdout, and ends the process with its connections.
export function report(fields) {
  const text = JSON.stringify(fields, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  process.stdout.write(`${text}\n`, () => process.exit(0));
}

export function expect(condition, message) {
  if (!condition) fail(message);
}

export function fail(reason) {
  console.error(`${reason}\n(last step: ${current})`);
  process.exit(1);
}
