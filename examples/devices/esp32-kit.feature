# Needs the published model: twinrig run --models <folder> examples/devices/esp32-kit.feature
Feature: A published board on a room of ours
  Scenario: An ESP32 kit sees a window that was left open on a hot day
    Given a device "kit-1" from "examples/devices/esp32-kit.yaml" with:
      | mean outdoor temperature | 38 °C |
    When 6 hours pass
    Then the room temperature of "kit-1" stayed between 22.5 °C and 25.5 °C during the last 2 hours
    And the hub has received 60 telemetry messages from "kit-1" in the last 60 minutes
    When the service sets the desired property "telemetryFrequencySecs" of "kit-1" to 30
    Then "kit-1" acknowledges the desired property "telemetryFrequencySecs" within 1 minute
    When the open window of "kit-1" is set to 100 %
    Then the reported room temperature of "kit-1" goes above 27 °C within 3 hours and stays there for 10 minutes
    When the service calls "ToggleLed1" of "kit-1"
