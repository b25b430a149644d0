// SPDX-License-Identifier: GPL-3.0-only
// Connects to a node with @polkadot/api, reads metadata and constants, sends a transfer and waits for its finalization.
//
// With --metadata-hash it computes the metadata's hash as wallets do, and signs it too: the chain then takes the transfer
// only if its runtime was built with the same hash.
//
// Usage: node transfer.mjs WS_URL [--metadata-hash]
// Prints one line of JSON; exits with 1 and the reason when anything is not as it must be.
import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { u8aToHex } from '@polkadot/util';

const [url, flag, ...rest] = process.argv.slice(2);
if (!url || (flag && flag !== '--metadata-hash') || rest.length > 0) {
  fail('usage: node transfer.mjs WS_URL [--metadata-hash]');
}

// A test that hangs tells nothing: end it, and say where it stood.
const LIMIT_MS = 180_000;
let step = 'connecting';
setTimeout(() => fail(`no result within ${LIMIT_MS} ms; last step: ${step}`), LIMIT_MS).unref();

const started = Date.now();
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });

step = 'reading metadata';
const pallets = api.runtimeMetadata.asLatest.pallets.map(({ name }) => name.toString());
const slotMillis = api.consts.babe.expectedBlockTime.toNumber();
const ss58 = api.consts.system.ss58Prefix.toNumber();
const symbol = api.registry.chainTokens[0];
const decimals = api.registry.chainDecimals[0];
expect(pallets.includes('Timing'), 'the metadata names no pallet Timing');
expect(ss58 === 42 && api.registry.chainSS58 === 42, `SS58 prefix ${ss58}, property ${api.registry.chainSS58}`);
expect(symbol === 'KSM' && decimals === 12, `token ${symbol} with ${decimals} decimals`);

step = 'hashing metadata';
const metadataHash = flag ? await hashMetadata() : undefined;

step = 'sending the transfer';
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
const receiver = new Keyring({ type: 'sr25519' }).addFromUri(`//Receiver//${started}`).address;
const amount = 12_345_678_901_234n;
if (metadataHash) {
  const another = metadataHash.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const outcome = await transfer(another).then(() => 'success', (error) => error.message);
  expect(/bad signature/i.test(outcome), `with the hash of other metadata it ended as: ${outcome}`);
}
const { hash, finalized } = await transfer(metadataHash).catch((error) => fail(error.message));

step = 'reading the block';
const { block } = await api.rpc.chain.getBlock(finalized);
const included = block.extrinsics.find((extrinsic) => extrinsic.hash.eq(hash));
expect(included, 'the block does not hold the transfer');
expect(included.mode.toNumber() === (metadataHash ? 1 : 0), `its metadata mode is ${included.mode}`);

step = 'reading the balance';
const { data } = await (await api.at(finalized)).query.system.account(receiver);
expect(data.free.toBigInt() === amount, `the receiver has ${data.free} planck, not ${amount}`);

console.log(JSON.stringify({
  chain: (await api.rpc.system.chain()).toString(),
  specVersion: api.runtimeVersion.specVersion.toNumber(),
  pallets: pallets.length,
  slotMillis,
  metadataHash,
  finalizedIn: finalized,
  millis: Date.now() - started,
}));
process.exit(0);

// Resolves when the transfer is finalized. Signs the metadata's hash if one is given.
function transfer(metadataHash) {
  const options = metadataHash ? { mode: 1, metadataHash } : {};
  return new Promise((resolve, reject) => {
    const tx = api.tx.balances.transferKeepAlive(receiver, amount);
    tx.signAndSend(alice, options, (result) => {
      step = `transfer: ${result.status.type}`;
      if (result.dispatchError) reject(new Error(describe(result.dispatchError)));
      else if (result.isError) reject(new Error(`transfer: ${result.status.type}`));
      else if (result.status.isFinalized) resolve({ hash: tx.hash, finalized: result.status.asFinalized.toHex() });
    }).catch(reject);
  });
}

async function hashMetadata() {
  const metadata = await api.call.metadata.metadataAtVersion(15);
  const extra = {
    base58Prefix: ss58,
    decimals,
    specName: api.runtimeVersion.specName.toString(),
    specVersion: api.runtimeVersion.specVersion.toNumber(),
    tokenSymbol: symbol,
  };
  return u8aToHex(merkleizeMetadata(metadata.unwrap().toHex(), extra).digest());
}

function describe(error) {
  if (!error.isModule) return error.toString();
  const { section, name, docs } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}: ${docs.join(' ')}`;
}

function expect(condition, message) {
  if (!condition) fail(message);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
