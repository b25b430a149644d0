// SPDX-License-Identifier: GPL-3.0-only
// Connects to a node with PAPI (the package polkadot-api), reads, sends a transfer and waits for its finalization.
//
// Usage: node papi.mjs --url WS_URL --signer DERIVATION --receiver ADDRESS --amount PLANCK
// Prints one line of JSON; exits with 1 and the reason when anything is not as it must be.
import { createWsClient } from 'polkadot-api/ws';
import { readOptions, report, timed } from './lib.mjs';
import { readAndTransfer } from './papi-session.mjs';

const options = readOptions({ required: ['url', 'signer', 'receiver', 'amount'] });
const client = createWsClient(options.url);
const [, connectMillis] = await timed('connecting', () => client.getChainSpecData());
report({ client: 'papi', ...(await readAndTransfer(client, options)), connectMillis });
