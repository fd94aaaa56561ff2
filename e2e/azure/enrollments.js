'use strict';
// A service writes, reads and lists enrollments.
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');
const { say, play, called } = require('./stage');

const symmetricKey = (letter) => ({
  type: 'symmetricKey', symmetricKey: { primaryKey: Buffer.from(letter.repeat(64)).toString('base64'), secondaryKey: Buffer.from(letter.repeat(32)).toString('base64') },
});

// what a test can compare: times and etags by their form only
const form = (e) => {
  const { etag, createdDateTimeUtc, lastUpdatedDateTimeUtc, ...rest } = JSON.parse(JSON.stringify(e));
  return { ...rest, form: /^"[^"]+"$/.test(etag) && [createdDateTimeUtc, lastUpdatedDateTimeUtc].every((t) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(t)) };
};

// how a call failed: by what the client makes of it, and by what the service says
const fails = async (what, promise) => {
  try {
    await promise;
  } catch (err) {
    const { errorCode, message } = JSON.parse(err.responseBody);
    say(what, { error: err.name, status: err.response.statusCode, code: errorCode, message });
    return;
  }
  throw new Error(what + ' did not fail');
};

play(async ({ dps, certificate }) => {
  const service = ProvisioningServiceClient.fromConnectionString(dps);
  const put = (e) => called((done) => service.createOrUpdateIndividualEnrollment(e, done));
  const putGroup = (g) => called((done) => service.createOrUpdateEnrollmentGroup(g, done));

  const made = await put({ registrationId: 'one', deviceId: 'truck', attestation: symmetricKey('a'), initialTwin: { tags: { site: 'a' }, properties: { desired: { x: 1 } } } });
  say('made', { enrollment: form(made) });
  const mechanism = await called((done) => service.getIndividualEnrollmentAttestationMechanism('one', done));
  say('mechanism', { same: JSON.stringify(mechanism.symmetricKey) === JSON.stringify(symmetricKey('a').symmetricKey) });
  const updated = await put({ ...made, provisioningStatus: 'disabled' }); // its keys were not told, and stay
  say('updated', { status: updated.provisioningStatus, newETag: updated.etag !== made.etag });
  const after = await called((done) => service.getIndividualEnrollmentAttestationMechanism('one', done));
  say('keys stay', { same: JSON.stringify(after) === JSON.stringify(mechanism) });
  await fails('stale', put(made));
  await fails('bad', put({ registrationId: 'bad', attestation: { type: 'symmetricKey', symmetricKey: { primaryKey: 'AAAA', secondaryKey: 'AAAA' } } }));
  await fails('unknown', called((done) => service.getIndividualEnrollment('nobody', done)));

  const group = await putGroup({ enrollmentGroupId: 'plant', attestation: { type: 'x509', x509: { signingCertificates: { primary: { certificate } } } }, allocationPolicy: 'hashed' });
  const { primary } = group.attestation.x509.signingCertificates;
  say('group', { id: group.enrollmentGroupId, certificate: primary.certificate, subject: primary.info.subjectName, thumbprints: [primary.info.sha1Thumbprint.length, primary.info.sha256Thumbprint.length] });
  const again = await putGroup({ ...group, provisioningStatus: 'disabled' });
  say('certificate stays', { same: again.attestation.x509.signingCertificates.primary.info.sha256Thumbprint === primary.info.sha256Thumbprint });
  say('group got', { same: JSON.stringify(await called((done) => service.getEnrollmentGroup('plant', done))) === JSON.stringify(again) });
  const keys = await putGroup({ enrollmentGroupId: 'fleet', attestation: { type: 'symmetricKey' } }); // keys are made
  const { symmetricKey: generated } = await called((done) => service.getEnrollmentGroupAttestationMechanism('fleet', done));
  say('made keys', { told: 'symmetricKey' in keys.attestation, bytes: [generated.primaryKey, generated.secondaryKey].map((k) => Buffer.from(k, 'base64').length) });

  // in bulk; the client's promise never settles, its callback form works
  const bulk = (mode, ids) => called((done) => service.runBulkEnrollmentOperation({ mode, enrollments: ids.map((registrationId) => ({ registrationId, attestation: symmetricKey('b') })) }, done));
  say('bulk', { result: await bulk('create', ['b1', 'b2', 'b3', 'b4']) });
  say('bulk again', { result: await bulk('create', ['b4', 'b5']) });
  say('bulk update', { result: await bulk('update', ['b1', 'b9']) });
  say('bulk delete', { result: await bulk('delete', ['b5']) });

  const pages = async (what, query) => {
    const all = [];
    do all.push((await query.next(query.continuationToken)).responseBody.map((e) => e.registrationId || e.enrollmentGroupId)); while (query.hasMoreResults);
    say(what, { all });
  };
  await pages('query', service.createIndividualEnrollmentQuery({ query: 'SELECT * FROM enrollments' }, 2));
  await pages('query groups', service.createEnrollmentGroupQuery({ query: 'SELECT * FROM enrollmentGroups' }, 10));
  await pages('query registrations', service.createEnrollmentGroupDeviceRegistrationStateQuery({ query: 'SELECT * FROM registrations' }, 'plant', 10));

  await fails('delete with a stale etag', called((done) => service.deleteIndividualEnrollment(made, done)));
  await called((done) => service.deleteIndividualEnrollment(updated, done));
  await called((done) => service.deleteEnrollmentGroup('plant', done));
  await fails('deleted is gone', called((done) => service.getIndividualEnrollment('one', done)));
  await fails('no state', called((done) => service.getDeviceRegistrationState('one', done)));
});
