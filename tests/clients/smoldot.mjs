// SPDX-License-Identifier: GPL-3.0-only
// Runs the light client smoldot inside of this process, with PAPI on it: waits until it is in sync with the relay chain, or
// with a parachain if there is --para-spec too; then reads, sends a transfer and waits for its finalization. It knows nodes
// by the specs' boot nodes alone.
//
// Usage: node smoldot.mjs --spec FILE [--para-spec FILE] --at-least NUMBER
//                         --signer DERIVATION --receiver ADDRESS --amount PLANCK
// Prints one line of JSON; exits with 1 and the reason when anything is not as it must be.
import { readFile } from 'node:fs/promises';
import { createClient } from 'polkadot-api';
import { getSmProvider } from 'polkadot-api/sm-provider';
import { start } from 'smoldot';
import { fail, readOptions, report, step, timed } from './lib.mjs';
import { readAndTransfer } from './papi-session.mjs';

const options = readOptions({
  required: ['spec', 'at-least', 'signer', 'receiver', 'amount'],
  optional: ['para-spec'],
});
const lightClient = start({
  logCallback: (level, target, message) => console.error(`smoldot ${'?EWIDT'[level]} ${target}: ${message}`),
});
const client = createClient(getSmProvider(() => addChain().catch((error) => fail(error.message))));

let first;
const [{ hash: syncedHash, number: syncedTo }, syncMillis] = await timed('syncing', synced);
report({
  client: 'smoldot',
  firstFinalized: first.number,
  syncedTo,
  syncedHash,
  syncMillis,
  ...(await readAndTransfer(client, options)),
});

async function addChain() {
  const chainSpec = await readFile(options.spec, 'utf8');
  const paraSpec = options['para-spec'];
  if (!paraSpec) return lightClient.addChain({ chainSpec });
  const relayChain = await lightClient.addChain({ chainSpec, disableJsonRpc: true });
  return lightClient.addChain({ chainSpec: await readFile(paraSpec, 'utf8'), potentialRelayChains: [relayChain] });
}

// Resolves with the first finalized block of at least the number that was asked for.
function synced() {
  return new Promise((resolve, reject) => {
    client.finalizedBlock$.subscribe({
      next: (block) => {
        first ??= block;
        step(`finalized: ${block.number}`);
        if (block.number >= Number(options['at-least'])) resolve(block);
      },
      error: reject,
    });
  });
}
