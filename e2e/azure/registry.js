'use strict';
// A service manages the device registry and twins.
const { Registry } = require('azure-iothub');
const { say, play, fails } = require('./stage');

const key = (letter) => Buffer.from(letter.repeat(32)).toString('base64');

// what a test can compare of a device: times and generated values by their form only
const device = (d) => ({
  ...JSON.parse(JSON.stringify(d)),
  generationId: typeof d.generationId, etag: typeof d.etag, statusUpdatedTime: typeof d.statusUpdatedTime,
});

// a section of a twin without its times
const undated = (v) => JSON.parse(JSON.stringify(v, (name, value) => name === '$lastUpdated' ? undefined : value));

play(async ({ service }) => {
  const registry = Registry.fromConnectionString(service);

  // create, with keys the hub makes and with our own
  const { responseBody: made } = await registry.create({ deviceId: 'made' });
  const { primaryKey, secondaryKey } = made.authentication.symmetricKey;
  say('made', {
    bytes: [primaryKey, secondaryKey].map((k) => Buffer.from(k, 'base64').length), differ: primaryKey !== secondaryKey,
    canonical: [primaryKey, secondaryKey].every((k) => Buffer.from(k, 'base64').toString('base64') === k),
  });
  const { responseBody: given, httpResponse } = await registry.create({
    deviceId: 'gi:v.e+n%20_#*?!(),=@$\'', status: 'disabled', statusReason: 'not yet',
    authentication: { symmetricKey: { primaryKey: key('a'), secondaryKey: key('b') } },
  });
  say('given', { status: httpResponse.statusCode, device: device(given), etag: httpResponse.headers.etag === `"${given.etag}"` });
  await fails('created twice', registry.create({ deviceId: 'made' }));
  await fails('bad id', registry.create({ deviceId: 'no spaces' }));
  await fails('half a key pair', registry.create({ deviceId: 'half', authentication: { symmetricKey: { primaryKey: key('a') } } }));
  const thumb = 'AB'.repeat(20);
  const { responseBody: x509 } = await registry.create({ deviceId: 'x509', authentication: { x509Thumbprint: { primaryThumbprint: thumb, secondaryThumbprint: thumb } } });
  say('x509', { authentication: x509.authentication });

  // read
  const { responseBody: got } = await registry.get(given.deviceId);
  say('got', { same: JSON.stringify(got) === JSON.stringify(given) });
  await fails('unknown', registry.get('nobody'));
  say('list', { ids: (await registry.list()).responseBody.map((d) => d.deviceId) });
  say('statistics', { body: (await registry.getRegistryStatistics()).responseBody });

  // update
  const { responseBody: updated } = await registry.update({ ...given, status: 'enabled', statusReason: null });
  say('updated', { device: device(updated), newETag: updated.etag !== given.etag, sameGeneration: updated.generationId === given.generationId });
  await fails('update unknown', registry.update({ deviceId: 'nobody', status: 'enabled' }));

  // bulk
  const bulk = async (what, promise) => {
    try {
      say(what, { body: (await promise).responseBody });
    } catch (err) {
      say(what, { error: err.name, status: err.response.statusCode, body: JSON.parse(err.responseBody) });
    }
  };
  await bulk('bulk add', registry.addDevices([{ deviceId: 'b1' }, { deviceId: 'b2', status: 'disabled' }]));
  await bulk('bulk add again', registry.addDevices([{ deviceId: 'b2' }, { deviceId: 'b3' }]));
  await bulk('bulk update', registry.updateDevices([{ deviceId: 'b2', status: 'enabled' }], true));
  await bulk('bulk remove', registry.removeDevices([{ deviceId: 'b1' }, { deviceId: 'b3' }], true));
  say('list', { ids: (await registry.list()).responseBody.map((d) => `${d.deviceId} ${d.status}`) });

  // delete
  const { httpResponse: deleted } = await registry.delete(given.deviceId);
  say('deleted', { status: deleted.statusCode });
  await fails('deleted is gone', registry.get(given.deviceId));
  await fails('delete again', registry.delete(given.deviceId));

  // twins
  const { responseBody: twin } = await registry.getTwin('made');
  const blank = { ...JSON.parse(JSON.stringify(twin)), etag: typeof twin.etag, deviceEtag: twin.deviceEtag === made.etag };
  say('twin', { twin: blank });
  const { responseBody: patched } = await registry.updateTwin('made', { tags: { site: 'a' }, properties: { desired: { x: 1, y: { z: [null] } } } }, twin.etag);
  say('patched', { tags: patched.tags, desired: undated(patched.properties.desired), version: patched.version, newETag: patched.etag !== twin.etag });
  await fails('stale', registry.updateTwin('made', { tags: { site: 'b' } }, twin.etag));
  await patched.update({ properties: { desired: { x: null } } }); // with the etag of the answer before
  const { $metadata, ...desired } = patched.properties.desired;
  say('again', { tags: patched.tags, desired, times: Object.keys($metadata).sort() });
  const { responseBody: anyway } = await registry.updateTwin('made', { tags: { site: null } }, '*');
  say('anyway', { tags: anyway.tags });
  await fails('bad twin', registry.updateTwin('made', { tags: { 'a b': 1 } }, '*'));
  await fails('twin of unknown', registry.getTwin('nobody'));
});
