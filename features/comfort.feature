@comfort
Feature: Comfort
  An air conditioner keeps an office at its setpoint by its own thermostat. The
  device reports the room and raises the alarm when the unit cannot keep it.

  Scenario: A summer day in the office
    Given a room air conditioner "ac-2" with:
      | reports every | 5 minutes |
    When 24 hours pass
    Then the room temperature of "ac-2" stayed below 25.5 °C
    And the hub has received 288 telemetry messages from "ac-2"
    And no alert of "ac-2" was raised

  Scenario: The service asks for a cooler room
    Given a room air conditioner "ac-2"
    When the service sets the desired property "setpoint" of "ac-2" to 22
    Then "ac-2" acknowledges the desired property "setpoint" within 10 seconds
    And the room temperature of "ac-2" goes below 22.5 °C within 6 hours

  Scenario: A blocked drain stops the unit before water drips from the ceiling
    Given a room air conditioner "ac-2"
    When the outdoor humidity of "ac-2" is set to 70 %
    And the blocked drain of "ac-2" is set to 100 %
    Then the alert "condensateHigh" of "ac-2" is raised within 24 hours
    And the condensate level of "ac-2" stayed below 101 %

  Scenario: An inverter holds the room to a tenth of a degree
    Given a room air conditioner "ac-2" with:
      | lowest compressor speed   | 25 %  |
      | mean outdoor temperature  | 32 °C |
      | outdoor temperature swing | 0 K   |
      | noon sunshine             | 0 W/m² |
      | internal heat             | 1500 W |
    When 24 hours pass
    Then the room temperature of "ac-2" stayed between 23.9 °C and 24.1 °C during the last 6 hours
    And the reported compressor speed of "ac-2" stayed between 30 % and 90 % during the last 6 hours

  Scenario: A filter is changed before the room suffers
    Given a room air conditioner "ac-2"
    When 6 hours pass
    And the dirty filter of "ac-2" is set to 40 %
    Then the alert "filterDirty" of "ac-2" is raised within 2 hours
    And the room temperature of "ac-2" stayed below 25.5 °C
    When the dirty filter of "ac-2" is set to 0 %
    Then the alert "filterDirty" of "ac-2" is cleared within 2 hours

  @negative-control
  Scenario: A window left open on a hot day
    Given a room air conditioner "ac-2"
    When the mean outdoor temperature of "ac-2" is set to 36 °C
    And the open window of "ac-2" is set to 100 %
    And 24 hours pass
    Then the room temperature of "ac-2" stayed below 25.5 °C
