# Needs the published model: twinrig run --models <folder> examples/devices/gsgstml4s5.feature
Feature: A published board in an elevator of ours
  Scenario: ST's kit rides with the passengers of a busy quarter of an hour
    Given a device "kit-1" from "examples/devices/gsgstml4s5.yaml" with:
      | passenger rate | 120 |
    When 15 minutes pass
    Then the hub has received 30 telemetry messages from "kit-1" in the last 1 minute
    And the trip count of "kit-1" goes above 10 within 1 second
    And the air pressure of "kit-1" stayed between 1008.6 hPa and 1013.3 hPa
    When the service sets the desired property "telemetryInterval" of "kit-1" to 5
    Then "kit-1" acknowledges the desired property "telemetryInterval" within 10 seconds
    When the service calls "setLedState" of "kit-1" with:
      """
      true
      """
