'use strict';
// A Plug and Play device, and a service that uses the digital twin API.
const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { DigitalTwinClient, IoTHubTokenCredentials } = require('azure-iothub');
const { say, play, called } = require('./stage');

play(async (settings) => {
  const client = Client.fromConnectionString(settings.device, Mqtt);
  await client.setOptions({ modelId: 'dtmi:com:example:TemperatureController;2' });
  client.onDeviceMethod('reboot', (request, response) => response.send(202, { in: request.payload }, () => {}));
  client.onDeviceMethod('thermostat1*getMaxMinReport', (request, response) => response.send(200, { max: 21.5, since: request.payload }, () => {}));
  await client.open();
  const twin = await client.getTwin();
  const changed = new Promise((resolve) => twin.on('properties.desired', (delta) => { if (delta.thermostat1) resolve(delta); }));
  await called((done) => twin.properties.reported.update({
    serialNumber: 'x-1', thermostat1: { __t: 'c', maxTempSinceLastReboot: 21.5 },
  }, done));

  const service = new DigitalTwinClient(new IoTHubTokenCredentials(settings.service));
  const refused = (what, promise) => promise.then(() => say(what), (err) => say(what, { status: err.statusCode }));
  const model = (t) => JSON.parse(JSON.stringify(t, (k, v) => k === 'lastUpdateTime' || k === '_response' || k === 'eTag' ? undefined : v));
  const before = await service.getDigitalTwin('heater-1');
  const etag = before._response.parsedHeaders.eTag;
  say('before', { twin: model(before), etag: typeof etag });
  const patch = [{ op: 'add', path: '/thermostat1', value: { targetTemperature: 20, $metadata: {} } }, { op: 'add', path: '/mode', value: 'eco' }];
  await service.updateDigitalTwin('heater-1', patch, etag);
  const delta = await changed;
  say('delta', { delta });
  await called((done) => twin.properties.reported.update({
    thermostat1: { __t: 'c', targetTemperature: { value: 20, ac: 200, av: delta.$version, ad: 'done' } },
  }, done));
  say('after', { twin: model(await service.getDigitalTwin('heater-1')) });
  await refused('stale', service.updateDigitalTwin('heater-1', [{ op: 'remove', path: '/mode' }], etag));
  const command = await service.invokeCommand('heater-1', 'reboot', 5);
  say('command', { payload: command._response.bodyAsText, status: command._response.parsedHeaders.xMsCommandStatuscode });
  const report = await service.invokeComponentCommand('heater-1', 'thermostat1', 'getMaxMinReport', '2026-11-23T00:00:00Z');
  say('component command', { payload: report._response.bodyAsText, status: report._response.parsedHeaders.xMsCommandStatuscode });
  await client.close();
  await refused('offline', service.invokeCommand('heater-1', 'reboot', 5));
});
